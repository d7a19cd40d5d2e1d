// What the Worker needs from its variables and secrets: one schema, all faults at once, frozen.
import * as v from 'valibot';

const PROFILES = ['local', 'staging', 'production', 'testing'] as const;
const secret = v.pipe(v.string('is required'), v.minLength(16, 'must have at least 16 characters'));
const url = v.pipe(v.string('is required'), v.regex(/^https?:\/\/[^\s?#]+$/, 'must be a URL'));

const schema = v.object({
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
  SALES_CLOSED: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
});

export type Profile = (typeof PROFILES)[number];

export interface Settings {
  readonly profile: Profile;
  /** How tokens of users are checked. */
  readonly tokens: TokenTrust;
  readonly redis: { readonly url: string; readonly token: string };
  readonly originUrl: string;
  readonly signatureKey: { readonly id: string; readonly secret: string };
  readonly ticketSecret: string;
  readonly userKeySecret: string;
  /** The kill switch: nothing is sold, whatever the documents say. */
  readonly isClosed: boolean;
}

export type TokenTrust =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'jwks'; readonly url: string };

export type SettingsResult =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

export function readSettings(bindings: unknown): SettingsResult {
  const parsed = v.safeParse(schema, bindings, { abortPipeEarly: true });
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
    ...(isLocal(given.PROFILE) ? [] : plainHttpFaults(given)),
  ];
  if (tokens === undefined || faults.length > 0) return { kind: 'faulty', faults };
  const [id = '', ...rest] = given.EDGE_SIGNATURE_KEY.split(':');
  const settings: Settings = Object.freeze({
    profile: given.PROFILE,
    tokens,
    redis: { url: given.REDIS_REST_URL, token: given.REDIS_REST_TOKEN },
    originUrl: given.ORIGIN_FALLBACK,
    signatureKey: { id, secret: rest.join(':') },
    ticketSecret: given.TICKET_SECRET,
    userKeySecret: given.USER_KEY_SECRET,
    isClosed: given.SALES_CLOSED === 'true',
  });
  return { kind: 'settings', settings };
}

export const isLocal = (profile: Profile): boolean => profile === 'local' || profile === 'testing';

type Given = v.InferOutput<typeof schema>;

function tokenTrust({ JWT_SECRET, JWKS_URL }: Given): TokenTrust | undefined {
  if (JWT_SECRET !== undefined && JWKS_URL === undefined) {
    return { kind: 'secret', secret: JWT_SECRET };
  }
  if (JWKS_URL !== undefined && JWT_SECRET === undefined) return { kind: 'jwks', url: JWKS_URL };
  return undefined;
}

/** Tokens and signatures travel on these; outside a developer's machine never in the clear. */
function plainHttpFaults(given: Given): string[] {
  const names = ['JWKS_URL', 'REDIS_REST_URL', 'ORIGIN_FALLBACK'] as const;
  return names
    .filter((name) => given[name]?.startsWith('http:'))
    .map((name) => `${name} must begin with https in this profile`);
}
