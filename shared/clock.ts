// The line's clock: places are moments in virtual time, and only the clock knows how virtual time
// follows real time. `lua/include/clock.lua` is the same for scripts.

export interface LineClock {
  /** Virtual milliseconds at `realAt`. */
  readonly virtualAt: number;
  /** Epoch milliseconds (Redis TIME). */
  readonly realAt: number;
  /** Virtual milliseconds per real millisecond; 0 is a pause. */
  readonly speed: number;
  /** Virtual time stops here until the leader moves it on. */
  readonly virtualUntil: number;
  /** The leader's term; a lower one is refused. */
  readonly term: number;
  readonly version: number;
}

/** A clock that no leader holds back. Below 2^53 with room for sums. */
export const NO_LIMIT_MS = 9e14;

/** Virtual milliseconds at the real moment `nowMs`, whole. */
export function virtualTime(clock: LineClock, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - clock.realAt);
  return Math.min(clock.virtualUntil, Math.floor(clock.virtualAt + clock.speed * elapsedMs));
}
