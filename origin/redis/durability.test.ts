import { expect, it } from 'vitest';
import { createDurability, parseDurability } from './durability.ts';

it.each([
  ['everysec', { appendfsync: 'everysec', replicas: 0 }],
  ['always', { appendfsync: 'always', replicas: 0 }],
  ['wait:2', { appendfsync: 'always', replicas: 2 }],
])('reads %s', (text, demand) => {
  expect(parseDurability(text)).toEqual(demand);
});

it('asks nobody where the append-only file is enough', async () => {
  const nowhere = { host: '127.0.0.1', port: 1, name: 'test', onError: () => undefined };
  const durability = createDurability(parseDurability('always'), nowhere);
  expect(await durability.isDurable('lamp')).toBe(true);
});

it('is unsure, and nothing worse, while Redis is away', async () => {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const nowhere = { host: '127.0.0.1', port: 1, name: 'test', onError };
  const durability = createDurability(parseDurability('wait:1'), nowhere);
  expect(await Promise.all([durability.isDurable('lamp'), durability.isDurable('lamp')])).toEqual([
    false,
    false,
  ]);
  expect(errors).not.toEqual([]);
  durability.close();
});
