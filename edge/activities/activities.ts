// What admins do through the edge: it checks who they are, the origin checks what they say.
import { ADMIN_BODY_LIMIT_BYTES } from '../../shared/activity.ts';
import type { EdgeClaims } from '../../shared/edge-signature.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { refuse } from '../answer.ts';
import { checkMediaType } from '../body/parse-body.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import type { AskOrigin } from '../forward/origin.ts';
import type { Identify } from '../identity/identity.ts';

export interface AdminParts {
  readonly identify: Identify;
  readonly askOrigin: AskOrigin;
}

const TIMEOUT_MS = 5_000;
const ACTIVITY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** POST /api/activities; the body goes on byte by byte. */
export async function createActivity(parts: AdminParts, call: Call): Promise<Response> {
  const { request } = call;
  const body = await readBody(request, ADMIN_BODY_LIMIT_BYTES);
  if (body.kind === 'refuse') return refuse(call, body.refusal);
  const admin = await identifyAdmin(parts, request);
  if (admin.kind === 'refuse') return refuse(call, admin.refusal);
  const unsupported = checkMediaType(request.headers, body.bytes);
  if (unsupported !== undefined) return refuse(call, unsupported);
  const { claims } = admin;
  return askAndRelay(
    parts.askOrigin,
    {
      method: 'POST',
      path: '/api/activities',
      body: body.bytes,
      claims,
      timeoutMs: TIMEOUT_MS,
    },
    call,
  );
}

/** GET /api/activities/:activityId */
export async function showActivity(
  parts: AdminParts,
  call: Call,
  activityId: string,
): Promise<Response> {
  const admin = await identifyAdmin(parts, call.request);
  if (admin.kind === 'refuse') return refuse(call, admin.refusal);
  if (!ACTIVITY_ID.test(activityId)) return refuse(call, { kind: 'unknown-activity' });
  const known = call.request.headers.get('if-none-match');
  return askAndRelay(
    parts.askOrigin,
    {
      method: 'GET',
      path: `/api/activities/${activityId}`,
      claims: admin.claims,
      timeoutMs: TIMEOUT_MS,
      ...(known === null ? {} : { headers: { 'if-none-match': known } }),
    },
    call,
  );
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
