// Solves a challenge in threads of its own, within a bounded time.
import type { WorkChallenge } from '../answers.ts';
import type { ThreadNews, ThreadTask } from '../proof-thread.ts';

/** `unsolved`: not within the time, or no thread may run; another challenge may be luckier. */
export type Solved =
  | { readonly kind: 'solved'; readonly proof: string }
  | { readonly kind: 'unsolved' };

const THREAD = '/assets/proof-thread.js';
const MOST_THREADS = 4;
const GIVES_UP_AFTER_MS = 90_000;

/** `onProgress` hears the share of all numbers that has been tried, 0…1. */
export async function solve(
  challenge: WorkChallenge,
  onProgress: (share: number) => void,
): Promise<Solved> {
  const began = performance.now();
  const found = await search(challenge, onProgress);
  if (found === undefined) return { kind: 'unsolved' };
  const { algorithm, salt, signature } = challenge;
  const took = Math.round(performance.now() - began);
  // The members and their form are ALTCHA's.
  const payload = {
    algorithm,
    challenge: challenge.challenge,
    number: found,
    salt,
    signature,
    took,
  };
  return { kind: 'solved', proof: btoa(JSON.stringify(payload)) };
}

function search(
  { salt, challenge, maxnumber }: WorkChallenge,
  onProgress: (share: number) => void,
): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const step = Math.max(1, Math.min(MOST_THREADS, (navigator.hardwareConcurrency || 2) - 1));
  const threads = Array.from({ length: step }, () => new Worker(THREAD, { type: 'module' }));
  let exhausted = 0;
  const timer = setTimeout(() => resolve(undefined), GIVES_UP_AFTER_MS);
  for (const [first, thread] of threads.entries()) {
    thread.addEventListener('error', () => resolve(undefined));
    thread.addEventListener('message', ({ data: news }: MessageEvent<ThreadNews>) => {
      if (news.kind === 'found') resolve(news.number);
      else if (news.kind === 'tried') onProgress(Math.min(1, news.upTo / maxnumber));
      else {
        exhausted += 1;
        if (exhausted === threads.length) resolve(undefined);
      }
    });
    const task: ThreadTask = { salt, challenge, maxnumber, first, step };
    thread.postMessage(task);
  }
  return promise.finally(() => {
    clearTimeout(timer);
    for (const thread of threads) thread.terminate();
  });
}
