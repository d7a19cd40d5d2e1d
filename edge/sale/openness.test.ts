import { describe, expect, it } from 'vitest';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { saleStatus } from '../test/status-under-test.ts';
import { opennessOf } from './openness.ts';

const at = (nowMs: number, changes: Partial<SaleStatus>, offsetMs = 0) =>
  opennessOf({ status: saleStatus(changes), fetchedAt: 0, offsetMs }, nowMs);

describe('a sale', () => {
  it('is open while it runs and has stock', () => {
    expect(at(1, {})).toEqual({ kind: 'open' });
  });

  it.each([
    [{ state: 'ENDED' }, 'ended'],
    [{ state: 'CLOSED', soldOut: true }, 'ended'],
    [{ state: 'PAUSED', soldOut: true }, 'paused'],
    [{ soldOut: true }, 'sold-out'],
  ] as const)('that is %j is closed: %s', (changes, kind) => {
    expect(at(1, changes)).toMatchObject({ kind: 'closed', refusal: { kind } });
  });
});

describe.each(['SCHEDULED', 'LOADED'] as const)('before the start, in state %s', (state) => {
  const before = { state, startAt: 10_000 };

  it('is not open, and says when it will be', () => {
    expect(at(7_000, before, 500)).toEqual({
      kind: 'not-open',
      refusal: { kind: 'not-open', opensAt: 10_000, serverTime: 7_500 },
    });
  });

  it('is left to the script from two seconds before the start, by the later clock', () => {
    expect(at(8_000, before)).toEqual({ kind: 'open' });
    expect(at(7_000, before, 1_000)).toEqual({ kind: 'open' });
    // The document is old, or its writer's clock is late: this one's counts.
    expect(at(8_000, before, -60_000)).toEqual({ kind: 'open' });
  });
});
