// Pauses between attempts at something that is away.

export interface Backoff {
  /** Waits, each time about twice as long as before, up to the limit; an abort ends it early. */
  pause(signal: AbortSignal): Promise<void>;
  /** The next pause is the shortest again. */
  reset(): void;
}

export function createBackoff(bounds: { leastMs: number; mostMs: number }): Backoff {
  let ceilingMs = bounds.leastMs;
  return {
    async pause(signal) {
      // The upper half at random, so that many clients of one server spread out.
      await pauseFor(ceilingMs * (0.5 + Math.random() / 2), signal);
      ceilingMs = Math.min(bounds.mostMs, ceilingMs * 2);
    },
    reset() {
      ceilingMs = bounds.leastMs;
    },
  };
}

/** Resolves after `ms`, or as soon as the signal aborts; never rejects. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = () => resolve();
  signal.addEventListener('abort', end, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
}
