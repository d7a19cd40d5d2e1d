// A thread that searches for a proof of work, so that the page stays awake. Ends when it is ended.
import { type Search, searcher } from './proof/search.ts';

/** One thread's share of the numbers: `first`, `first + step`, … */
export interface ThreadTask extends Search {
  readonly first: number;
  readonly step: number;
}

export type ThreadNews =
  | { readonly kind: 'found'; readonly number: number }
  | { readonly kind: 'tried'; readonly upTo: number }
  | { readonly kind: 'exhausted' };

const TRIES_BETWEEN_NEWS = 50_000;

addEventListener('message', (event: MessageEvent<ThreadTask>) => {
  const task = event.data;
  const tryNumbers = searcher(task, task.step);
  let tried = tryNumbers(task.first, TRIES_BETWEEN_NEWS);
  while (tried.kind === 'on') {
    tell({ kind: 'tried', upTo: tried.next });
    tried = tryNumbers(tried.next, TRIES_BETWEEN_NEWS);
  }
  tell(tried);
});

function tell(news: ThreadNews): void {
  postMessage(news);
}
