import { expect, it } from 'vitest';
import { createHealthy } from './healthy.ts';
import type { Sighting } from './registration.ts';

function seen(instance: string, revision: string, isReady = true): Sighting {
  const startedAt = '2026-01-01T00:00:00Z';
  const record = { instance, host: instance, version: '1', startedAt, load: 0, isReady };
  return { record, revision };
}
const names = (found: readonly { instance: string }[] | undefined) =>
  found?.map(({ instance }) => instance);

it('leaves out who is not ready, and who has not renewed for a while', () => {
  const healthy = createHealthy();
  healthy([seen('a', '1'), seen('b', '1'), seen('c', '1', false)], 0);
  const next = [seen('a', '2'), seen('b', '2'), seen('c', '2', false)];
  expect(names(healthy(next, 1_000))).toEqual(['a', 'b']);
  expect(names(healthy([seen('a', '3'), seen('b', '2')], 4_000))).toEqual(['a', 'b']);
  expect(names(healthy([seen('a', '4'), seen('b', '2')], 5_000))).toEqual(['a']);
  expect(names(healthy([seen('a', '5'), seen('b', '3')], 6_000))).toEqual(['a', 'b']);
});

it('says nothing before everybody was seen to renew, nor waits for who never does', () => {
  const healthy = createHealthy();
  expect(healthy([seen('alive', '1'), seen('dead', '1')], 0)).toBeUndefined();
  expect(healthy([seen('alive', '2'), seen('dead', '1')], 1_000)).toBeUndefined();
  expect(names(healthy([seen('alive', '4'), seen('dead', '1')], 2_500))).toEqual(['alive']);
  const come = [seen('alive', '5'), seen('dead', '1'), seen('new', '1')];
  expect(names(healthy(come, 3_500))).toEqual(['alive', 'new']);
});

it('lists those that live where nobody is ready', () => {
  const healthy = createHealthy();
  healthy([seen('a', '1', false)], 0);
  expect(names(healthy([seen('a', '2', false)], 250))).toEqual(['a']);
  expect(createHealthy()([], 0)).toEqual([]);
});
