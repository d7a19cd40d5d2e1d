// What belongs to one request from its arrival on.

import { isLocal, type Profile } from '../shared/edge-settings.ts';
import { networkOf } from './ip-limit/network.ts';
import type { Log } from './log.ts';

export interface Call {
  readonly request: Request;
  /** `instance` of a problem document and X-Request-Id of every answer. */
  readonly requestId: string;
  /** The client's network, as ip-limit counts it. */
  readonly network: string;
  /** Headers that the answer will carry, whatever it says; stages add to them. */
  readonly headers: Record<string, string>;
  readonly log: Log;
  /** Work that may outlive the answer. */
  defer(work: Promise<void>): void;
}

export interface CallOptions {
  readonly profile: Profile;
  readonly log: Log;
  readonly defer: Call['defer'];
}

export function openCall(request: Request, { profile, log, defer }: CallOptions): Call {
  // Cloudflare sets this header itself; without it only a developer's machine may be meant.
  const address = request.headers.get('cf-connecting-ip') ?? (isLocal(profile) ? '127.0.0.1' : '');
  const requestId = crypto.randomUUID();
  return { request, requestId, network: networkOf(address), headers: {}, log, defer };
}
