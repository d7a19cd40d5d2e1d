// What the global set-up, in Node, tells the tests, in workerd, and what both say of requests.
import type { EdgeClaims } from '../../shared/edge-signature.ts';

export interface Surroundings {
  /** The bridge, behind the counter: `<url>/<name>` counts its requests under that name. */
  readonly redisUrl: string;
  readonly redisToken: string;
  readonly originUrl: string;
  readonly signatureKey: string;
  readonly turnstile: { readonly url: string; readonly secret: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    surroundings: Surroundings;
  }
}

/** A request as the recording origin got it. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly claims: EdgeClaims;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly isSigned: boolean;
  readonly nonce: string;
}

/** How the recording origin answers. */
export interface Play {
  readonly how: 'answer' | 'silence' | 'hang-up';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * How the way to Redis behaves: silence holds requests, refusal ends them, and forgetful is a
 * server that knows no script by its hash.
 */
export type RedisMode = 'pass' | 'refuse' | 'silence' | 'forget';
