// Leadership where there is one instance only (the embedded stack, whose database one process
// owns): it leads at once, with a term that the database counts, so that what an earlier process
// began is told apart from what this one does.
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { createLeadership } from './campaigns.ts';
import type { Leadership } from './leadership.ts';

export function createSingleInstance(
  store: Pick<Store, 'nextTerm' | 'ping'>,
  log: Log,
): Leadership {
  return createLeadership(
    {
      async win(job, signal) {
        if (signal.aborted) return undefined;
        const term = await store.nextTerm(job);
        const neverLost = new AbortController().signal;
        return { term, lost: neverLost, resign: () => Promise.resolve() };
      },
      ping: () => store.ping(),
      close: () => Promise.resolve(),
    },
    log,
  );
}
