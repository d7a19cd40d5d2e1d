// What admins do through the edge: it checks who they are, the origin checks what they say.
import { ADMIN_BODY_LIMIT_BYTES } from '../../shared/activity.ts';
import type { EdgeClaims } from '../../shared/edge-signature.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { refuse } from '../answer.ts';
import { checkMediaType } from '../body/parse-body.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import type { AskOrigin, Errand } from '../forward/origin.ts';
import type { Identify } from '../identity/identity.ts';

export interface AdminParts {
  readonly identify: Identify;
  readonly askOrigin: AskOrigin;
}

const TIMEOUT_MS = 5_000;
const ACTIVITY_ID = /^[A-Za-z0-9_-]{1,64}$/;
const CONDITIONS = ['if-match', 'if-none-match'] as const;

/** Any call about activities, as it came: path, query, conditions and the body's bytes. */
export async function forwardAdmin(
  parts: AdminParts,
  call: Call,
  { method, activityId }: { readonly method: Errand['method']; readonly activityId?: string },
): Promise<Response> {
  const { headers, url } = call.request;
  const read = await readBody(call.request, ADMIN_BODY_LIMIT_BYTES);
  if (read.kind === 'refuse') return refuse(call, read.refusal);
  const admin = await identifyAdmin(parts, call.request);
  if (admin.kind === 'refuse') return refuse(call, admin.refusal);
  const unsupported = checkMediaType(headers, read.bytes);
  if (unsupported !== undefined) return refuse(call, unsupported);
  if (activityId !== undefined && !ACTIVITY_ID.test(activityId)) {
    return refuse(call, { kind: 'unknown-activity' });
  }
  const { pathname, search } = new URL(url);
  const conditions: Record<string, string> = {};
  for (const name of CONDITIONS) {
    const condition = headers.get(name);
    if (condition !== null) conditions[name] = condition;
  }
  const { claims } = admin;
  const path = pathname + search;
  const errand = { method, path, claims, timeoutMs: TIMEOUT_MS, headers: conditions };
  const body = method === 'GET' ? {} : { body: read.bytes };
  return askAndRelay(parts.askOrigin, { ...errand, ...body }, call);
}

type Admin =
  | { readonly kind: 'admin'; readonly claims: EdgeClaims }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

async function identifyAdmin({ identify }: AdminParts, request: Request): Promise<Admin> {
  const identity = await identify(request.headers);
  if (identity.kind === 'refuse') return identity;
  const { userId, isAdmin } = identity.caller;
  if (!isAdmin) return { kind: 'refuse', refusal: { kind: 'forbidden' } };
  return { kind: 'admin', claims: { sub: userId, role: 'admin' } };
}
