import { describe, expect, it } from 'vitest';
import type { ActivityRow } from '../store/store.ts';
import { activityRow } from '../test/activity-rows.ts';
import { currentBySku, startRegistry } from './registry.ts';

describe('the current activity of a SKU', () => {
  const row = (activityId: string, state: 'SCHEDULED' | 'LOADED', startAt: number) =>
    activityRow({ activityId, state, startAt, endAt: startAt + 100 });
  const current = (...rows: ReturnType<typeof row>[]) =>
    currentBySku(rows, 1_000).get('sku_1')?.activityId;

  it('is the loaded one, for its keys stand', () => {
    expect(current(row('a', 'LOADED', 0), row('b', 'SCHEDULED', 2_000))).toBe('a');
    expect(current(row('a', 'SCHEDULED', 950), row('b', 'LOADED', 2_000))).toBe('b');
  });

  it('is the next to start where none is loaded', () => {
    expect(current(row('a', 'SCHEDULED', 2_000), row('b', 'SCHEDULED', 3_000))).toBe('a');
    expect(current(row('a', 'SCHEDULED', 0), row('b', 'SCHEDULED', 3_000))).toBe('b');
  });

  it('is the last where all have ended unloaded', () => {
    expect(current(row('a', 'SCHEDULED', 0), row('b', 'SCHEDULED', 200))).toBe('b');
  });

  it('is none for a SKU without activities', () => {
    expect(current()).toBeUndefined();
  });
});

/** A database that answers each read when it is told to, with the rows as the read found them. */
async function openRegistry() {
  const reads: (() => void)[] = [];
  let rows: readonly ActivityRow[] = [];
  const liveActivities = async () => {
    const found = rows;
    const answered = Promise.withResolvers<void>();
    reads.push(answered.resolve);
    await answered.promise;
    return found;
  };
  const starting = startRegistry({ liveActivities }, () => undefined);
  reads[0]?.();
  const registry = await starting;
  // Reads of its own would come in between.
  registry.close();
  const write = (...written: ActivityRow[]) => {
    rows = written;
  };
  return { registry, reads, write };
}

describe('a refresh', () => {
  it('knows what was written before it, though a read was under way', async () => {
    const { registry, reads, write } = await openRegistry();
    const before = registry.refresh();
    write(activityRow({ activityId: 'a' }));
    const behind = registry.refresh();
    reads[1]?.();
    await before;
    expect(registry.byId('a')).toBeUndefined();
    await expect.poll(() => reads.length).toBe(3);
    reads[2]?.();
    await behind;
    expect(registry.byId('a')).toBeDefined();
  });

  it('is shared by those who wait for the same read', async () => {
    const { registry, reads } = await openRegistry();
    const waiting = [registry.refresh(), registry.refresh(), registry.refresh()];
    reads[1]?.();
    await expect.poll(() => reads.length).toBe(3);
    reads[2]?.();
    await Promise.all(waiting);
    expect(reads).toHaveLength(3);
    const next = registry.refresh();
    reads[3]?.();
    await next;
  });
});
