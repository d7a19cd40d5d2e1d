// The pause between two rounds of a job, which ends early when there is something to do.

export interface Nudge {
  /** Ends the pause under way, or the next one when none is. */
  nudge(): void;
  /** Resolves after `ms`, at a nudge, or when the signal aborts; never rejects. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** Of the jobs that an edit of an activity concerns. */
export interface Nudges {
  readonly load: Nudge;
  readonly line: Nudge;
  readonly adjust: Nudge;
  readonly close: Nudge;
}

export function createNudges(): Nudges {
  return {
    load: createNudge(),
    line: createNudge(),
    adjust: createNudge(),
    close: createNudge(),
  };
}

export function createNudge(): Nudge {
  let isDue = false;
  let wake: (() => void) | undefined;
  return {
    nudge() {
      isDue = true;
      wake?.();
    },
    async pause(ms, signal) {
      if (!isDue && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, ms);
        wake = resolve;
        signal.addEventListener('abort', wake, { once: true });
        await promise;
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        wake = undefined;
      }
      isDue = false;
    },
  };
}
