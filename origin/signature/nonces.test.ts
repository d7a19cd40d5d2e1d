import { describe, expect, it } from 'vitest';
import { createNonces } from './nonces.ts';

describe('nonces', () => {
  it('count once for at least their lifetime and are forgotten after twice that', () => {
    const nonces = createNonces({ lifetimeMs: 60_000, maxCount: 100 });
    expect(nonces.add('a', 1_000_000)).toBe(true);
    expect(nonces.add('a', 1_000_001)).toBe(false);
    expect(nonces.add('b', 1_059_999)).toBe(true);
    expect(nonces.add('a', 1_060_000)).toBe(false);
    expect(nonces.add('b', 1_119_998)).toBe(false);
    expect(nonces.add('a', 1_180_001)).toBe(true);
  });

  it('refuses new ones when full rather than forgetting old ones', () => {
    const nonces = createNonces({ lifetimeMs: 60_000, maxCount: 2 });
    expect(nonces.add('a', 0)).toBe(true);
    expect(nonces.add('b', 0)).toBe(true);
    expect(nonces.add('c', 0)).toBe(false);
    expect(nonces.add('a', 0)).toBe(false);
  });
});
