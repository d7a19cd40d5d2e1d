// The servers of a cluster behind one connection: each call goes once, to the server of its key.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  type RedisCluster,
  startRedisCluster,
} from '../../../deploy/local/services/redis-cluster.ts';
import { createApp } from '../../bridge/app.ts';
import { inspectInventory, inspectLine } from '../../inspection/inspect-redis.ts';
import { slotOf } from '../../redis/cluster/slot-map.ts';
import { connectInventory, type InventoryLink } from '../../redis/inventory-link.ts';
import { nodeOf, nodesOf, pingAll, pingAny } from '../../redis/nodes.ts';
import { pipelined } from '../../redis/pipelined.ts';
import { loadScript } from '../../redis/script.ts';

const TOKEN = 'a-token-of-enough-length';
const LIMITS = { bodyBytes: 100_000, pipelineCommands: 64, valueBytes: 1_000 };
const READS = 1_000;
const SOON = { timeout: 15_000 };
let cluster: RedisCluster;
let link: InventoryLink;

beforeAll(async () => {
  cluster = await startRedisCluster({ dir: join(inject('scratchDir'), 'three-servers') });
  link = await connectInventory({ ...cluster.place, name: 'test', commandTimeoutMs: 1_000 });
}, 60_000);
afterAll(async () => {
  link?.close();
  await cluster?.stop();
});

/** A SKU whose keys are that server's. */
function skuAt(index: number, from = 0): string {
  const [first = 0, last = -1] = cluster.nodes[index]?.slots ?? [];
  for (let number = from; ; number += 1) {
    const slot = slotOf(`{sku_${number}}`);
    if (slot >= first && slot <= last) return `sku_${number}`;
  }
}

it('answers a thousand reads of one pipeline in their order, from all servers', async () => {
  const { redis } = link;
  const keys = Array.from({ length: READS }, (_none, number) => `stock:sku_{sku_${number}}`);
  await Promise.all(keys.map((key, number) => redis.set(key, number)));
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.get(key);
  expect(await pipelined(pipeline)).toEqual(keys.map((_key, number) => String(number)));
  const sizes = await Promise.all(nodesOf(redis).map((node) => node.dbsize()));
  expect(sizes).toHaveLength(3);
  expect(Math.min(...sizes)).toBeGreaterThan(READS / 6);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(READS);
});

it('runs a script at each server, new to each', async () => {
  const script = loadScript('get', "return redis.call('GET', KEYS[1])");
  for (const index of cluster.nodes.keys()) {
    const sku = skuAt(index);
    const answer = await script.run(link.redis, [`stock:sku_{${sku}}`], []);
    expect(answer).toBe(sku.slice('sku_'.length));
  }
});

it('sends nothing that is of no server, or of several', async () => {
  const { redis } = link;
  await expect(redis.time()).rejects.toThrow('names no server');
  const keys = [0, 1].map((index) => `stock:sku_{${skuAt(index)}}`);
  await expect(redis.mget(keys)).rejects.toThrow('CROSSSLOT');
});

/** One request to a bridge in front of the cluster. */
async function bridged(path: string, words: unknown) {
  const bridge = createApp({ token: TOKEN, limits: LIMITS }, link.redis);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const answer = await bridge.inject({
    method: 'POST',
    url: path,
    headers,
    body: JSON.stringify(words),
  });
  await bridge.close();
  return { status: answer.statusCode, body: answer.json() };
}

it('takes pipelines of the edge apart, and transactions of one slot', async () => {
  const keys = [0, 1, 2].map((index) => `place:{${skuAt(index)}}:ann`);
  const set = await bridged(
    '/pipeline',
    keys.map((key) => ['SET', key, key]),
  );
  expect(set).toEqual({ status: 200, body: keys.map(() => ({ result: 'OK' })) });
  const get = keys.map((key) => ['GET', key]);
  const found = keys.map((key) => ({ result: key }));
  expect(await bridged('/pipeline', get)).toEqual({ status: 200, body: found });
  expect(await bridged('/multi-exec', get.slice(0, 1))).toEqual({
    status: 200,
    body: found.slice(0, 1),
  });
  expect(await bridged('/multi-exec', get)).toMatchObject({ status: 400 });
  expect(await bridged('/', ['MGET', ...keys])).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('CROSSSLOT') },
  });
  const source = "return redis.call('GET', KEYS[1])";
  const sha = String((await bridged('/', ['SCRIPT', 'LOAD', source])).body.result);
  const runs = keys.map((key) => ['EVALSHA', sha, 1, key]);
  expect(await bridged('/pipeline', runs)).toEqual({ status: 200, body: found });
});

it('inspects every server, and warns of a cluster that stops with one of them', async () => {
  const { place } = cluster;
  const demands = { appendOnly: 'required', appendfsync: 'always', replicas: 0 } as const;
  expect((await inspectInventory(place, demands)).faults).toEqual([]);
  const [one] = nodesOf(link.redis);
  await one?.config('SET', 'cluster-require-full-coverage', 'yes');
  const { faults } = await inspectLine(place);
  expect(faults).toEqual([expect.stringContaining('cluster-require-full-coverage')]);
  await one?.config('SET', 'cluster-require-full-coverage', 'no');
});

it('knows a server by its run id, and follows a slot that was given to another', async () => {
  const sku = skuAt(0, READS);
  const key = `stock:sku_{${sku}}`;
  const before = link.runId(sku);
  expect(before).toMatch(/^\w{40}$/);
  expect(new Set([0, 1, 2].map((index) => link.runId(skuAt(index)))).size).toBe(3);
  const source = nodeOf(link.redis, key);
  const target = nodesOf(link.redis).find((node) => node !== source);
  const name = String(await target?.cluster('MYID'));
  for (const node of [target, source]) await node?.cluster('SETSLOT', slotOf(key), 'NODE', name);
  await expect.poll(() => link.runId(sku), SOON).not.toBe(before);
  await expect.poll(() => link.redis.get(key).catch(() => 'not yet'), SOON).toBeNull();
});

it('goes on without a server that is away, and meets another one when it is back', async () => {
  const { redis } = link;
  const [gone, ...others] = [0, 1, 2].map((index) => skuAt(index, 2 * READS));
  const key = (sku = ''): string => `stock:sku_{${sku}}`;
  await redis.set(key(gone), 'kept');
  const before = link.runId(String(gone));
  cluster.nodes[0]?.service().kill('SIGKILL');
  await expect.poll(() => link.runId(String(gone)), SOON).toBeUndefined();
  await expect(redis.get(key(gone))).rejects.toThrow();
  for (const other of others) expect(await redis.set(key(other), 'sold')).toBe('OK');
  await pingAny(redis);
  await expect(pingAll(redis)).rejects.toThrow();
  const get = [gone, ...others].map((sku) => ['GET', key(sku)]);
  const away = { error: expect.stringMatching(/^CLUSTERDOWN .* away; nothing was sent$/) };
  const sold = { result: 'sold' };
  expect(await bridged('/pipeline', get)).toEqual({ status: 200, body: [away, sold, sold] });
  expect(await bridged('/', get[0])).toEqual({ status: 503, body: away });
  expect(await bridged('/', ['PING'])).toEqual({ status: 200, body: { result: 'PONG' } });

  await cluster.nodes[0]?.restart();
  await expect.poll(() => link.runId(String(gone)), SOON).toMatch(/^\w{40}$/);
  expect(link.runId(String(gone))).not.toBe(before);
  await expect.poll(() => redis.get(key(gone)).catch(String), SOON).toBe('kept');
  await pingAll(redis);
});
