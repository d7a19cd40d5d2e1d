// Who is calling, as far as the origin believes it: the edge's signed claims, or an admin's token.
import type { EdgeClaims } from '../shared/edge-signature.ts';

export type Caller = EdgeClaims;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler runs; empty claims until then. */
    caller: Caller;
  }
}
