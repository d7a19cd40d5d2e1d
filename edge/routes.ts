// How a path answers: by its methods, everything else is 405.
import type { Context } from 'hono';
import { refuse } from './answer.ts';
import { type Call, type CallOptions, openCall } from './call.ts';
import { secondsUntil } from './ip-limit/ip-limit.ts';
import type { IsolateLimit } from './ip-limit/isolate-limit.ts';

/** Answers a call; `name` is what stands in the path at `:name`, or ''. */
export type Handle = (call: Call, name: string) => Response | Promise<Response>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Methods = Readonly<Partial<Record<Method, Handle>>>;

/** What an app's calls have in common. */
export interface CallSetting extends Omit<CallOptions, 'defer'> {
  /** Hears of each call before it is answered. */
  readonly onCall?: (call: Call) => void;
}

/** One handler for all methods of a path: HEAD is GET, whose body the framework drops. */
export function byMethod(
  setting: CallSetting,
  methods: Methods,
): (c: Context) => ReturnType<Handle> {
  const handles = new Map<string, Handle>(Object.entries(methods));
  const get = handles.get('GET');
  if (get !== undefined) handles.set('HEAD', get);
  const allow = [...handles.keys()].join(', ');
  return function answerPath(c) {
    const call = callOf(c, setting);
    setting.onCall?.(call);
    const handle = handles.get(c.req.raw.method);
    if (handle === undefined) return refuse(call, { kind: 'method-not-allowed', allow });
    return handle(call, c.req.param('name') ?? '');
  };
}

export function callOf(c: Context, setting: CallSetting): Call {
  const defer = (work: Promise<void>): void => c.executionCtx.waitUntil(work);
  return openCall(c.req.raw, { ...setting, defer });
}

/** For calls that cost no Redis: limited in this isolate only. */
export function limited(take: IsolateLimit, handle: Handle): Handle {
  return function limitThenHandle(call, name) {
    const { isAllowed, resetAt } = take(call.network, Date.now());
    if (isAllowed) return handle(call, name);
    const retryAfterSeconds = secondsUntil(resetAt, Date.now());
    return refuse(call, { kind: 'rate-limited', retryAfterSeconds });
  };
}
