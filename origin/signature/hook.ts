// Decides who is calling, before any route sees the request: the edge's signed claims everywhere,
// an admin's own token on the paths that allow it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EDGE_HEADERS } from '../../shared/edge-signature.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { Caller } from '../caller.ts';
import { sendRefusal } from '../reply.ts';
import type { AdminTokenResult } from './admin-token.ts';
import {
  parseClaims,
  type RefusedSignature,
  type SignatureResult,
  type SignedRequest,
} from './signature.ts';

export interface SignatureHookOptions {
  readonly checkSignature: (request: SignedRequest) => SignatureResult;
  readonly checkToken: (authorization: string | undefined) => Promise<AdminTokenResult>;
  /** Profiles `local` and `testing` only: claims without a signature are believed. */
  readonly allowUnsigned: boolean;
  readonly onRefused: (why: RefusedSignature | 'unsigned') => void;
}

type Decision =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** `/api/admin/` are the operator's own calls, for the command line; no edge serves them. */
const ADMIN_PATHS = /^\/api\/(activities(\/|$|\?)|seckill\/status\/|admin\/)/;
const NOT_SIGNED: Decision = { kind: 'refused', refusal: { kind: 'edge-signature' } };

export function addSignatureHook(app: FastifyInstance, options: SignatureHookOptions): void {
  app.decorateRequest('caller');
  app.addHook('preValidation', async (request, reply) => {
    if (request.routeOptions.config.isPublic === true) return undefined;
    const decision = await decide(options, request);
    if (decision.kind === 'refused') return refuse(request, reply, decision.refusal);
    request.caller = decision.caller;
    return undefined;
  });
}

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply =>
  sendRefusal(request, reply, refusal);

async function decide(options: SignatureHookOptions, request: FastifyRequest): Promise<Decision> {
  const { method, url, headers } = request;
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  const result = options.checkSignature({ method, path: url, headers, body });
  if (result.kind === 'signed') return { kind: 'caller', caller: result.claims };
  if (result.kind === 'refused') {
    options.onRefused(result.why);
    return NOT_SIGNED;
  }
  if (ADMIN_PATHS.test(url) && headers.authorization !== undefined) {
    return await decideByToken(options, headers.authorization);
  }
  const claims = headers[EDGE_HEADERS.claims];
  const unsigned = options.allowUnsigned && typeof claims === 'string' && parseClaims(claims);
  if (unsigned) return { kind: 'caller', caller: unsigned };
  options.onRefused('unsigned');
  return NOT_SIGNED;
}

async function decideByToken(
  { checkToken }: SignatureHookOptions,
  authorization: string,
): Promise<Decision> {
  const token = await checkToken(authorization);
  if (token.kind === 'invalid') return { kind: 'refused', refusal: { kind: 'unauthenticated' } };
  if (token.caller.role !== 'admin') return { kind: 'refused', refusal: { kind: 'forbidden' } };
  return token;
}
