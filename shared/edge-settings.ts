// What the Worker needs from its variables and secrets: one schema, all faults at once, frozen. Read
// by the Worker when an isolate starts, and by `cli config check --edge` before it is deployed.
import * as v from 'valibot';

const PROFILES = ['local', 'staging', 'production', 'testing'] as const;
const secret = v.pipe(v.string('is required'), v.minLength(16, 'must have at least 16 characters'));
const url = v.pipe(v.string('is required'), v.regex(/^https?:\/\/[^\s?#]+$/, 'must be a URL'));
const wholeNumber = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,8}$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

export const edgeSchema = v.object({
  PROFILE: v.picklist(PROFILES, `must be among ${PROFILES.join(', ')}`),
  JWT_SECRET: v.optional(secret),
  JWKS_URL: v.optional(url),
  REDIS_REST_URL: url,
  REDIS_REST_TOKEN: secret,
  ORIGIN_FALLBACK: url,
  ORIGIN_SUFFIX: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9.-]+$/, 'must be a host name'))),
  EDGE_SIGNATURE_KEY: v.pipe(
    v.string('is required'),
    v.regex(/^[\w.-]{1,64}:.{16,}$/, 'must be id:secret, the secret of at least 16 characters'),
  ),
  TICKET_SECRET: secret,
  USER_KEY_SECRET: secret,
  DEVICE_SECRET: secret,
  PROOF_MAX_NUMBER: v.optional(wholeNumber({ min: 100, max: 10_000_000 }), '50000'),
  TURNSTILE_SITE_KEY: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'must be a key'))),
  TURNSTILE_SECRET: v.optional(v.pipe(v.string(), v.minLength(1))),
  TURNSTILE_URL: v.optional(url, 'https://challenges.cloudflare.com/turnstile/v0/siteverify'),
  SALES_CLOSED: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
});

export type Profile = (typeof PROFILES)[number];

export interface Settings {
  readonly profile: Profile;
  /** How tokens of users are checked. */
  readonly tokens: TokenTrust;
  readonly redis: { readonly url: string; readonly token: string };
  /** Serves where no list of origins is known. */
  readonly originFallback: string;
  /** Only origins of this name and under it are called. */
  readonly originSuffix: string | undefined;
  readonly signatureKey: { readonly id: string; readonly secret: string };
  readonly ticketSecret: string;
  readonly userKeySecret: string;
  /** Device tokens, challenges, page tokens, and the names under which facts are kept. */
  readonly deviceSecret: string;
  /** Up to where an ordinary proof of work has to search; a stronger one is a multiple. */
  readonly proofMaxNumber: number;
  readonly turnstile: Turnstile | undefined;
  /** The kill switch: nothing is sold, whatever the documents say. */
  readonly isClosed: boolean;
}

export interface Turnstile {
  readonly siteKey: string;
  readonly secret: string;
  readonly url: string;
}

export type TokenTrust =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'jwks'; readonly url: string };

export type SettingsResult =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

export function readSettings(bindings: unknown): SettingsResult {
  const parsed = v.safeParse(edgeSchema, bindings, { abortPipeEarly: true });
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => {
      const detail = issue.received === 'undefined' ? 'is required' : issue.message;
      return `${v.getDotPath(issue) ?? 'bindings'} ${detail}`;
    });
    return { kind: 'faulty', faults };
  }
  const given = parsed.output;
  const tokens = tokenTrust(given);
  const faults = [
    ...(tokens === undefined ? ['JWT_SECRET or JWKS_URL, one of the two, is required'] : []),
    ...turnstileFaults(given),
    ...(isLocal(given.PROFILE)
      ? []
      : [...plainHttpFaults(given), ...suffixFaults(given), ...knownSecretFaults(given)]),
  ];
  if (tokens === undefined || faults.length > 0) return { kind: 'faulty', faults };
  const [id = '', ...rest] = given.EDGE_SIGNATURE_KEY.split(':');
  const settings: Settings = Object.freeze({
    profile: given.PROFILE,
    tokens,
    redis: { url: given.REDIS_REST_URL, token: given.REDIS_REST_TOKEN },
    originFallback: given.ORIGIN_FALLBACK,
    originSuffix: given.ORIGIN_SUFFIX,
    signatureKey: { id, secret: rest.join(':') },
    ticketSecret: given.TICKET_SECRET,
    userKeySecret: given.USER_KEY_SECRET,
    deviceSecret: given.DEVICE_SECRET,
    proofMaxNumber: given.PROOF_MAX_NUMBER,
    turnstile: turnstileOf(given),
    isClosed: given.SALES_CLOSED === 'true',
  });
  return { kind: 'settings', settings };
}

export const isLocal = (profile: Profile): boolean => profile === 'local' || profile === 'testing';

type Given = v.InferOutput<typeof edgeSchema>;

function tokenTrust({ JWT_SECRET, JWKS_URL }: Given): TokenTrust | undefined {
  if (JWT_SECRET !== undefined && JWKS_URL === undefined) {
    return { kind: 'secret', secret: JWT_SECRET };
  }
  if (JWKS_URL !== undefined && JWT_SECRET === undefined) return { kind: 'jwks', url: JWKS_URL };
  return undefined;
}

function turnstileOf(given: Given): Turnstile | undefined {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET: secret, TURNSTILE_URL } = given;
  if (siteKey === undefined || secret === undefined) return undefined;
  return { siteKey, secret, url: TURNSTILE_URL };
}

function turnstileFaults({ TURNSTILE_SITE_KEY, TURNSTILE_SECRET }: Given): string[] {
  const isWhole = (TURNSTILE_SITE_KEY === undefined) === (TURNSTILE_SECRET === undefined);
  return isWhole ? [] : ['TURNSTILE_SITE_KEY and TURNSTILE_SECRET go together'];
}

/** Without it any name in a list would be called. */
function suffixFaults({ ORIGIN_SUFFIX }: Given): string[] {
  return ORIGIN_SUFFIX === undefined ? ['ORIGIN_SUFFIX is required in this profile'] : [];
}

/** Secrets that everybody knows: those of `npm run dev`'s profiles, and Turnstile's for tests. */
const KNOWN_SECRET = /local-development|^[123]x0{8}/;

function knownSecretFaults(given: Given): string[] {
  return Object.entries(given).flatMap(([name, value]) =>
    KNOWN_SECRET.test(String(value)) ? [`${name} is the one for development`] : [],
  );
}

/** Tokens and signatures travel on these; outside a developer's machine never in the clear. */
function plainHttpFaults(given: Given): string[] {
  const names = ['JWKS_URL', 'REDIS_REST_URL', 'ORIGIN_FALLBACK', 'TURNSTILE_URL'] as const;
  return names
    .filter((name) => given[name]?.startsWith('http:'))
    .map((name) => `${name} must begin with https in this profile`);
}
