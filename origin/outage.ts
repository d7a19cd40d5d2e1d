import type { Log } from './log.ts';

/** Tells the log when something went away and when it came back, and nothing in between. */
export interface Outage {
  began(error: unknown): void;
  ended(): void;
}

export function createOutage(log: Log, what: string): Outage {
  let since: number | undefined;
  return {
    began(error) {
      if (since !== undefined) return;
      since = performance.now();
      log.warn({ err: error }, `${what} is away`);
    },
    ended() {
      if (since === undefined) return;
      log.info({ awayMs: Math.round(performance.now() - since) }, `${what} is back`);
      since = undefined;
    },
  };
}
