// Reads which activities the inventory Redis serves.
import { edgeKeys, inventoryKeys } from '../../shared/keys.ts';
import { isSkuId } from '../../shared/words.ts';
import type { Redis } from '../redis/client.ts';
import { nodesOf } from '../redis/nodes.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { ServedActivity } from './facts.ts';

const SCAN_COUNT = 1_000;
const [PREFIX = '', SUFFIX = ''] = inventoryKeys.activity(' ').split(' ');

export interface ServingRedis {
  readonly inventory: Redis;
  readonly edgeRedis: Redis;
}

/** Every activity whose hash stands. Changes nothing; no origin should run meanwhile. */
export async function readServed(redis: ServingRedis): Promise<readonly ServedActivity[]> {
  const served: ServedActivity[] = [];
  for (const skuId of await servedSkus(redis.inventory)) {
    const one = await readOne(redis, skuId);
    if (one !== undefined) served.push(one);
  }
  return served;
}

async function servedSkus(redis: Redis): Promise<ReadonlySet<string>> {
  const skus = new Set<string>();
  for (const node of nodesOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', SCAN_COUNT);
      for (const key of keys) {
        const skuId = key.slice(PREFIX.length, -SUFFIX.length);
        if (isSkuId(skuId)) skus.add(skuId);
      }
      cursor = next;
    } while (cursor !== '0');
  }
  return skus;
}

async function readOne(
  { inventory, edgeRedis }: ServingRedis,
  skuId: string,
): Promise<ServedActivity | undefined> {
  const pipeline = inventory
    .pipeline()
    .hgetall(inventoryKeys.activity(skuId))
    .mget(inventoryKeys.sequence(skuId), inventoryKeys.sold(skuId));
  const [hash, counters] = await pipelined(pipeline);
  const facts = textsOf(hash);
  const { id = '', epoch = '0', fence = '' } = facts;
  if (id === '') return undefined;
  const [sequence, sold] = Array.isArray(counters) ? counters.map(Number) : [];
  const line = await edgeRedis.hgetall(edgeKeys.lineClock(skuId));
  const [term = 0, markedEpoch = 0] = (/^(\d+) (\d+) /.exec(fence) ?? []).slice(1).map(Number);
  const isItsLine = line.activityId === id;
  return {
    ...{ activityId: id, skuId, newest: { epoch: Number(epoch), seq: sequence ?? 0 } },
    // A mark of term 0 is this check's own.
    ...{ markedEpoch: term === 0 ? 0 : markedEpoch, sold: sold ?? 0, fence },
    terms: { rebuild: term, line: Number(line.term ?? 0) },
    texts: { ...(isItsLine ? line : {}), ...facts },
  };
}

function textsOf(hash: unknown): Record<string, string> {
  const entries = Object.entries(Object(hash));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
