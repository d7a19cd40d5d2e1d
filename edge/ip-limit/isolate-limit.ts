// A sliding window in the isolate's own memory: for what must cost no Redis call, and for the time
// when Redis does not answer. Its real ceiling is the limit times the number of isolates.
import { BoundedMap } from '../bounded-map.ts';

export interface Count {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Epoch ms at which the window ends. */
  readonly resetAt: number;
}

export type IsolateLimit = (network: string, nowMs: number) => Count;

interface Window {
  readonly index: number;
  current: number;
  readonly previous: number;
}

export interface IsolateLimitOptions {
  readonly limit: number;
  readonly windowMs: number;
  /** Networks remembered; the one silent for longest is forgotten first. */
  readonly maxNetworks: number;
}

/** The rule of @upstash/ratelimit's sliding window: the last window counts by what is left of it. */
export function createIsolateLimit(options: IsolateLimitOptions): IsolateLimit {
  const { limit, windowMs, maxNetworks } = options;
  const windows = new BoundedMap<string, Window>(maxNetworks);
  return function take(network, nowMs) {
    const index = Math.floor(nowMs / windowMs);
    const resetAt = (index + 1) * windowMs;
    const window = windowAt(windows.get(network), index);
    const { current, previous } = window;
    const counted = Math.floor(((resetAt - nowMs) / windowMs) * previous) + current;
    if (counted >= limit) return { isAllowed: false, remaining: 0, resetAt };
    // A map that is written to for each request is rehashed for ever: once a window is enough.
    if (current === 0) windows.set(network, window);
    window.current += 1;
    return { isAllowed: true, remaining: limit - counted - 1, resetAt };
  };
}

function windowAt(window: Window | undefined, index: number): Window {
  if (window?.index === index) return window;
  return { index, current: 0, previous: window?.index === index - 1 ? window.current : 0 };
}
