// What the Worker logs: one line per event and ten seconds at most, with how often it happened. A
// crowd must not become a flood of lines, and no line holds a token, an address or a body.

export type Level = 'debug' | 'warn' | 'error';

export interface Event {
  /** A word from the code, never from a request. */
  readonly event: string;
  readonly level: Level;
  /** The latest circumstances: a status, an error's name. */
  readonly detail?: string | number;
}

export type Log = (event: Event) => void;

const EVERY_MS = 10_000;

/** `hear` is told of every event that is more than debugging, written or not. */
export function createLog(
  now: () => number = Date.now,
  write: typeof print = print,
  hear?: (event: string) => void,
): Log {
  const silentUntil = new Map<string, number>();
  const counts = new Map<string, number>();
  return function log({ event, level, detail }) {
    if (level !== 'debug') hear?.(event);
    const count = (counts.get(event) ?? 0) + 1;
    counts.set(event, count);
    if (now() < (silentUntil.get(event) ?? 0)) return;
    silentUntil.set(event, now() + EVERY_MS);
    counts.delete(event);
    write(
      level,
      JSON.stringify({ level, event, count, ...(detail === undefined ? {} : { detail }) }),
    );
  };
}

function print(level: Level, line: string): void {
  console[level](line);
}

/** All that may be told of a thrown value: its text may hold what a client sent. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
