// What surrounds every call: its beginning, its end, and the limit of those that cost no Redis.
import type { MiddlewareHandler } from 'hono';
import { refuse, seal } from './answer.ts';
import { type Call, openCall } from './call.ts';
import { secondsUntil } from './ip-limit/ip-limit.ts';
import type { IsolateLimit } from './ip-limit/isolate-limit.ts';
import type { Profile } from './settings.ts';

export interface CallEnv {
  Variables: { call: Call };
}

export function openCalls(profile: Profile): MiddlewareHandler<CallEnv> {
  return async function openAndSeal(c, next) {
    const defer = (work: Promise<void>): void => c.executionCtx.waitUntil(work);
    const call = openCall(c.req.raw, { profile, defer });
    c.set('call', call);
    await next();
    seal(c.res, call);
  };
}

export function limitPolls(take: IsolateLimit): MiddlewareHandler<CallEnv> {
  return async function limitPoll(c, next) {
    const { call } = c.var;
    const { isAllowed, resetAt } = take(call.network, Date.now());
    if (isAllowed) return next();
    const retryAfterSeconds = secondsUntil(resetAt, Date.now());
    return refuse(call, { kind: 'rate-limited', retryAfterSeconds });
  };
}
