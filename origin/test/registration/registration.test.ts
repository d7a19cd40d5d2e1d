// Registration in a real etcd, and the list that is made of it in a real Redis.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, inject, it } from 'vitest';
import { startEtcd } from '../../../deploy/local/services/etcd.ts';
import { edgeKeys } from '../../../shared/keys.ts';
import { parseOriginList, parseSignedList } from '../../../shared/origin-list.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { luaScript } from '../../redis/lua.ts';
import { createEtcdRegistration } from '../../registration/etcd-registration.ts';
import { runPublish } from '../../registration/publish.ts';
import type { OriginRecord } from '../../registration/registration.ts';
import { createSingleRegistration } from '../../registration/single-registration.ts';
import { LIVE_DEFAULTS } from '../../settings/live-settings.ts';
import { quietLog } from '../quiet-log.ts';
import { startOwnRedis } from '../redis/own-redis.ts';

const SOON = { timeout: 10_000, interval: 50 };
const LEASE_SECONDS = 2;
const KEYS = 'one:a-first-secret-of-tests,two:a-second-secret-of-tests';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function open(endpoint = inject('services').etcd.endpoints, prefix = `/test-${randomUUID()}/`) {
  const registration = createEtcdRegistration({
    ...{ endpoints: [endpoint], prefix, leaseSeconds: LEASE_SECONDS, log: quietLog },
  });
  ends.push(() => registration.close());
  const instances = async () =>
    (await registration.list()).map(({ record }) => record.instance).sort();
  return { ...registration, prefix, instances };
}

const recordOf = (instance: string, changes: Partial<OriginRecord> = {}): OriginRecord => ({
  ...{ instance, host: `${instance}.shop.example`, version: '1.0.0' },
  ...{ startedAt: new Date(0).toISOString(), load: 0.5, isReady: true },
  ...changes,
});

it('is there until withdrawn, renewed each second', async () => {
  const { announce, list, instances } = open();
  const announced = announce(() => recordOf('a'));
  const other = announce(() => recordOf('b'));
  ends.push(() => other.withdraw());
  await expect.poll(instances, SOON).toEqual(['a', 'b']);
  const [first] = await list();
  expect(first?.record).toEqual(recordOf('a'));
  await expect.poll(async () => (await list())[0]?.revision, SOON).not.toBe(first?.revision);
  await announced.withdraw();
  expect(await instances()).not.toContain('a');
  // On a machine that stood still for longer than a lease the other one may be missing for a moment.
  await expect.poll(instances, SOON).toEqual(['b']);
});

it('comes back by itself after etcd was killed, even with its data lost', async () => {
  const dir = join(inject('scratchDir'), `etcd-${randomUUID()}`);
  let etcd = await startEtcd({ dir });
  ends.push(() => etcd.stop());
  const { announce, instances } = open(String(etcd.url));
  const announced = announce(() => recordOf('a'));
  ends.push(() => announced.withdraw());
  await expect.poll(instances, SOON).toEqual(['a']);
  etcd.kill('SIGKILL');
  await etcd.stop();
  etcd = await startEtcd({ dir: `${dir}-anew`, port: etcd.port });
  const found = () => instances().catch(() => []);
  await expect.poll(found, SOON).toEqual(['a']);
});

it('is published signed with every key, and never by an older leader over a newer one', async () => {
  const place = await startOwnRedis();
  ends.push(() => place.stop());
  const redis = connectRedis({ ...place, name: 'test', commandTimeoutMs: 2_000 });
  ends.push(async () => redis.disconnect());
  await untilReady(redis, 2_000);
  const registration = createSingleRegistration();
  registration.announce(() => recordOf('a'));
  const script = luaScript('set-origins');
  const ending = new AbortController();
  const published: number[] = [];
  const errors: unknown[] = [];
  const values = { ...LIVE_DEFAULTS, selling: 'off', weights: { burst: 1 } } as const;
  const running = runPublish(
    { job: 'origins', term: 7, signal: ending.signal },
    {
      ...{ registration, script, edgeRedis: redis, signatureKeys: KEYS },
      settings: { current: () => values },
      onPublished: (count) => published.push(count),
      onError: (error) => errors.push(error),
    },
  );
  await expect.poll(() => published.length, SOON).toBeGreaterThan(1);
  ending.abort();
  await running;
  expect(errors).toEqual([]);
  const text = (await redis.get(edgeKeys.origins)) ?? '';
  const signed = parseSignedList(text);
  expect(Object.keys(signed?.signatures ?? {})).toEqual(['one', 'two']);
  expect(parseOriginList(signed?.list ?? '')).toMatchObject({
    origins: [{ host: 'a.shop.example', load: 0.5 }],
    isSelling: false,
    weights: { burst: 1 },
  });
  expect(await redis.pttl(edgeKeys.origins)).toBeGreaterThan(25_000);

  const write = (term: number) =>
    script.run(redis, [edgeKeys.origins], [term, '"list":"x","signatures":{}}', 30_000]);
  expect(await write(6)).toEqual(['outdated', 7]);
  expect(await redis.get(edgeKeys.origins)).toBe(text);
  expect(await write(7)).toEqual(['set', 7]);
  expect(await write(8)).toEqual(['set', 8]);
  await redis.set(edgeKeys.origins, 'nonsense');
  expect(await write(1)).toEqual(['set', 1]);
});
