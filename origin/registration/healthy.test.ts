import { expect, it } from 'vitest';
import { createHealthy } from './healthy.ts';
import type { Sighting } from './registration.ts';

function seen(instance: string, revision: string, isReady = true): Sighting {
  const startedAt = '2026-01-01T00:00:00Z';
  const record = { instance, host: instance, version: '1', startedAt, load: 0, isReady };
  return { record, revision };
}
const names = (found: readonly { instance: string }[]) => found.map(({ instance }) => instance);

it('leaves out who is not ready, and who has not renewed for a while', () => {
  const healthy = createHealthy();
  expect(names(healthy([seen('a', '1'), seen('b', '1'), seen('c', '1', false)], 0))).toEqual([
    'a',
    'b',
  ]);
  expect(names(healthy([seen('a', '2'), seen('b', '1')], 3_000))).toEqual(['a', 'b']);
  expect(names(healthy([seen('a', '3'), seen('b', '1')], 4_000))).toEqual(['a']);
  expect(names(healthy([seen('a', '4'), seen('b', '2')], 5_000))).toEqual(['a', 'b']);
});

it('lists those that live where nobody is ready', () => {
  expect(names(createHealthy()([seen('a', '1', false)], 0))).toEqual(['a']);
  expect(createHealthy()([], 0)).toEqual([]);
});
