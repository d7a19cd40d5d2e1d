/** Lanes that are left out for a while, so that one at a standstill does not stop the others. */
export interface Holds {
  hold(skuId: string, ms: number): void;
  has(skuId: string): boolean;
}

export function createHolds(): Holds {
  const until = new Map<string, number>();
  return {
    hold(skuId, ms) {
      until.set(skuId, performance.now() + ms);
    },
    has(skuId) {
      const end = until.get(skuId);
      if (end === undefined) return false;
      if (performance.now() < end) return true;
      until.delete(skuId);
      return false;
    },
  };
}
