// A thread that only waits: in a tab that nobody looks at, the page's own timers come up to a minute
// late, and a turn in line would be missed. A thread's timers do not.

/** Answered with its `id` after `ms`. */
export interface TimerTask {
  readonly id: number;
  readonly ms: number;
}

addEventListener('message', ({ data }: MessageEvent<TimerTask>) => {
  setTimeout(() => postMessage(data.id), data.ms);
});
