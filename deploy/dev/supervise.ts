// Starts a part that ended by itself again, with growing pauses; a part that keeps ending ends it
// all, for then something is wrong that a restart does not mend.
import { setTimeout as pause } from 'node:timers/promises';
import { birthOf } from '../local/services/process.ts';
import type { Part } from '../stack/part.ts';

export interface Supervision {
  readonly parts: readonly Part[];
  readonly signal: AbortSignal;
  onEnded(part: Part): void;
  onRestarted(part: Part): void;
}

const LOOK_EVERY_MS = 250;
const LEAST_PAUSE_MS = 50;
const RESTARTS_PER_MINUTE = 5;
const MINUTE_MS = 60_000;

/** Resolves when the signal aborts; rejects when a part cannot be kept running. */
export async function supervise({ parts, signal, ...told }: Supervision): Promise<void> {
  const restarts = new Map<string, number[]>();
  while (!signal.aborted) {
    for (const part of parts) {
      if (signal.aborted) return;
      if (birthOf(part.service().pid) !== undefined) continue;
      told.onEnded(part);
      const recent = (restarts.get(part.name) ?? []).filter((at) => Date.now() - at < MINUTE_MS);
      if (recent.length >= RESTARTS_PER_MINUTE) {
        throw new Error(`${part.name} ended ${recent.length + 1} times within a minute`);
      }
      restarts.set(part.name, [...recent, Date.now()]);
      await pause(LEAST_PAUSE_MS * 2 ** recent.length);
      if (signal.aborted) return;
      await part.restart();
      told.onRestarted(part);
    }
    await pause(LOOK_EVERY_MS);
  }
}
