// Nonces seen in the last minute, in memory: a signed request counts once.

export interface Nonces {
  /** True the first time a nonce is seen within its lifetime; false when repeated or full. */
  add(nonce: string, nowMs: number): boolean;
}

/** Generations are dropped whole, so forgetting costs nothing per nonce. */
export function createNonces({
  lifetimeMs,
  maxCount,
}: {
  readonly lifetimeMs: number;
  readonly maxCount: number;
}): Nonces {
  let young = new Set<string>();
  let old = new Set<string>();
  let turnedAt = 0;
  return {
    add(nonce, nowMs) {
      if (nowMs - turnedAt >= lifetimeMs) {
        old = nowMs - turnedAt >= 2 * lifetimeMs ? new Set() : young;
        young = new Set();
        turnedAt = nowMs;
      }
      if (young.has(nonce) || old.has(nonce)) return false;
      if (young.size + old.size >= maxCount) return false;
      young.add(nonce);
      return true;
    },
  };
}
