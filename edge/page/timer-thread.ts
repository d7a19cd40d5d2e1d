// A thread that only waits: in a tab that nobody looks at, browsers let the page's own timers run once
// a second, some once a minute, and a turn in line would be missed. A thread's timers go on.

/** Answered with its `id` after `ms`. */
export interface TimerTask {
  readonly id: number;
  readonly ms: number;
}

addEventListener('message', ({ data }: MessageEvent<TimerTask>) => {
  setTimeout(() => postMessage(data.id), data.ms);
});
