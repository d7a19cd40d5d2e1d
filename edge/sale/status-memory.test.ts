import { describe, expect, it } from 'vitest';
import type { SaleStatus } from '../../shared/sale-status.ts';
import { createLog } from '../log.ts';
import { saleStatus } from '../test/status-under-test.ts';
import { createStatusMemory, serverTime } from './status-memory.ts';

const create = () => createStatusMemory(createLog(), { isClosed: false });
const text = (changes: Partial<SaleStatus>): string => JSON.stringify(saleStatus(changes));

describe('the memory of sales', () => {
  it('knows nothing, then the document with its age, and nothing again after ten seconds', () => {
    const memory = create();
    expect(memory.find('sku', 0)).toEqual({ kind: 'nothing' });
    memory.adopt('sku', { text: text({ version: 5 }), fetchedAt: 1_000 });
    expect(memory.find('sku', 1_700)).toMatchObject({
      kind: 'sale',
      ageMs: 700,
      sale: { status: { version: 5 } },
    });
    expect(memory.find('sku', 11_000)).toMatchObject({ kind: 'sale' });
    expect(memory.find('sku', 11_001)).toEqual({ kind: 'nothing' });
  });

  it('never lets an older version replace a newer one', () => {
    const memory = create();
    memory.adopt('sku', { text: text({ version: 5, soldOut: true }), fetchedAt: 1_000 });
    memory.adopt('sku', { text: text({ version: 4 }), fetchedAt: 2_000 });
    expect(memory.find('sku', 2_000)).toMatchObject({
      ageMs: 0,
      sale: { status: { version: 5, soldOut: true } },
    });
  });

  it('remembers for a second that there is no such sale', () => {
    const memory = create();
    memory.adopt('sku', { text: null, fetchedAt: 1_000 });
    expect(memory.find('sku', 1_999)).toEqual({ kind: 'missing' });
    expect(memory.find('sku', 2_000)).toEqual({ kind: 'nothing' });
    memory.adopt('sku', { text: text({}), fetchedAt: 1_500 });
    expect(memory.find('sku', 1_500)).toMatchObject({ kind: 'sale' });
  });

  it.each([null, 'nonsense', '{}'])('outlives a Redis that lost the document: %j', (lost) => {
    const memory = create();
    memory.adopt('sku', { text: text({}), fetchedAt: 1_000 });
    memory.adopt('sku', { text: lost, fetchedAt: 2_000 });
    expect(memory.find('sku', 2_000)).toMatchObject({ kind: 'sale', ageMs: 1_000 });
    memory.adopt('sku', { text: lost, fetchedAt: 12_000 });
    expect(memory.find('sku', 12_000)).toEqual({ kind: 'missing' });
  });

  it('takes the writer’s clock from the youngest document seen', () => {
    const memory = create();
    // The writer is 5 s ahead; the second document was 400 ms old when it arrived.
    memory.adopt('sku', { text: text({ version: 1, writtenAt: 6_000 }), fetchedAt: 1_000 });
    memory.adopt('sku', { text: text({ version: 2, writtenAt: 6_600 }), fetchedAt: 2_000 });
    const held = memory.find('sku', 2_000);
    expect(held.kind === 'sale' && serverTime(held.sale, 2_000)).toBe(7_000);
  });
});
