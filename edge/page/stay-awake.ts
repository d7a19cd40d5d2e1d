// Keeps a device that waits in line from falling asleep: a phone that locks its screen stops the
// page, and a turn passes. A browser that cannot, or may not, sleeps as ever.

/** Until it is ended, or the signal aborts. */
export function stayAwake(signal: AbortSignal): { end(): void } {
  const held = new Set<WakeLockSentinel>();
  const ended = Promise.withResolvers<void>();
  let isOver = false;
  const ask = () => {
    if (isOver || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (lock) => {
        if (isOver) void lock.release();
        else held.add(lock);
      },
      (reason: unknown) => console.info('the screen may go dark', reason),
    );
  };
  const end = () => {
    isOver = true;
    ended.resolve();
    document.removeEventListener('visibilitychange', ask);
    for (const lock of held) void lock.release();
    held.clear();
  };
  // A browser takes the lock back whenever the page is hidden.
  document.addEventListener('visibilitychange', ask);
  signal.addEventListener('abort', end, { once: true });
  ask();
  // A tab that holds a lock is not frozen while it is hidden.
  if ('locks' in navigator) {
    void navigator.locks.request('in line', { mode: 'shared' }, () => ended.promise);
  }
  return { end };
}
