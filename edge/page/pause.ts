// Waiting, by a clock that a hidden tab does not slow down (`timer-thread.ts`).
import type { TimerTask } from './timer-thread.ts';

const THREAD = '/assets/timer-thread.js';
/** Longer waits end early, for timers count in 32 bits: whoever waits looks again. */
const MOST_SECONDS = 3_600;
/** Coming back to the page ends a wait that may be woken, but not sooner than this. */
const LEAST_BEFORE_WAKING_MS = 1_000;

interface Waiting {
  readonly id: number;
  readonly since: number;
  readonly mayBeWoken: boolean;
  end(): void;
}

const waiting = new Map<number, Waiting>();
let lastId = 0;
const thread = startThread();

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wake();
});
addEventListener('online', wake);

/** Resolves after `seconds`; rejects with the signal's reason when that comes first. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return wait({ seconds, signal, mayBeWoken: false });
}

/** The same, but ends early when the buyer comes back to the page, or the network does. */
export function pauseUntilSeen(seconds: number, signal: AbortSignal): Promise<void> {
  return wait({ seconds, signal, mayBeWoken: true });
}

function wait(what: {
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly mayBeWoken: boolean;
}): Promise<void> {
  const { seconds, signal, mayBeWoken } = what;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    lastId += 1;
    const id = lastId;
    const stop = () => {
      waiting.delete(id);
      reject(signal.reason);
    };
    const end = () => {
      waiting.delete(id);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    waiting.set(id, { id, since: performance.now(), mayBeWoken, end });
    signal.addEventListener('abort', stop, { once: true });
    startTimer({ id, ms: 1_000 * Math.min(MOST_SECONDS, Math.max(0, seconds)) });
  });
}

function startTimer(task: TimerTask): void {
  if (thread.worker !== undefined) thread.worker.postMessage(task);
  else setTimeout(() => waiting.get(task.id)?.end(), task.ms);
}

/** A browser without threads gets by with the page's own timers, and so do waits under way. */
function startThread(): { worker: Worker | undefined } {
  const started: { worker: Worker | undefined } = { worker: undefined };
  if (typeof Worker === 'undefined') return started;
  const worker = new Worker(THREAD, { type: 'module' });
  started.worker = worker;
  worker.addEventListener('message', ({ data }: MessageEvent<number>) => waiting.get(data)?.end());
  worker.addEventListener('error', () => {
    started.worker = undefined;
    for (const { id } of waiting.values()) startTimer({ id, ms: LEAST_BEFORE_WAKING_MS });
  });
  return started;
}

function wake(): void {
  const before = performance.now() - LEAST_BEFORE_WAKING_MS;
  for (const { mayBeWoken, since, end } of waiting.values()) {
    if (mayBeWoken && since < before) end();
  }
}
