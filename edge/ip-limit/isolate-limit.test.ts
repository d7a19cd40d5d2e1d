import { describe, expect, it } from 'vitest';
import { createIsolateLimit } from './isolate-limit.ts';

const create = () => createIsolateLimit({ limit: 10, windowMs: 1_000, maxNetworks: 100 });
const allowedOf = (count: number, take: () => { isAllowed: boolean }): number =>
  Array.from({ length: count }, take).filter(({ isAllowed }) => isAllowed).length;

describe('the limit of an isolate', () => {
  it('allows ten a second and tells what remains', () => {
    const take = create();
    expect(take('a', 5_000)).toEqual({ isAllowed: true, remaining: 9, resetAt: 6_000 });
    expect(allowedOf(20, () => take('a', 5_000))).toBe(9);
    expect(take('a', 5_999)).toEqual({ isAllowed: false, remaining: 0, resetAt: 6_000 });
  });

  it('counts the last window by what is left of it', () => {
    const take = create();
    allowedOf(10, () => take('a', 5_900));
    expect(allowedOf(20, () => take('a', 6_000))).toBe(0);
    expect(allowedOf(20, () => take('a', 6_500))).toBe(5);
    expect(allowedOf(20, () => take('a', 8_000))).toBe(10);
  });

  it('counts each network by itself', () => {
    const take = create();
    allowedOf(10, () => take('a', 5_000));
    expect(take('b', 5_000).isAllowed).toBe(true);
  });

  it('remembers a bounded number of networks', () => {
    const take = createIsolateLimit({ limit: 1, windowMs: 1_000, maxNetworks: 2 });
    for (const network of ['a', 'b', 'c']) take(network, 5_000);
    expect(take('c', 5_000).isAllowed).toBe(false);
    expect(take('a', 5_000).isAllowed).toBe(true);
  });
});
