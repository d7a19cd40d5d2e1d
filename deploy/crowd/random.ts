// Chance that can be repeated: the same seed makes the same crowd.

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, 0 ≤ n < below. */
  below(below: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** A stream of its own, so that one actor's chances do not depend on another's. */
  fork(n: number): Random;
}

/** Mulberry32: 32 bits of state, good enough for crowds. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    fork: (n) => seededRandom(Math.imul(seed ^ 0x9e3779b9, 2 * n + 1) ^ n),
  };
}
