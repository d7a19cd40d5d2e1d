// What stands around the Worker in a replay: a real Redis behind the real bridge, a till in place
// of the origin, and one sale that starts when the corpus says so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_LIMIT_MS } from '../../../shared/clock.ts';
import { edgeKeys } from '../../../shared/keys.ts';
import type { SaleStatus } from '../../../shared/sale-status.ts';
import { composeScript } from '../../../shared/script.ts';
import { startRedis } from '../../local/services/redis.ts';
import { startBridge } from '../../stack/bridge.ts';
import { PAGE, ROOT } from '../../stack/places.ts';
import { openTill } from './till.ts';

export const SKU = 'replayed';
export const ACTIVITY = 'replayed-1';
/** As small as the settings allow: what is measured is the judgement, not the work. */
export const ORDINARY_MAX_NUMBER = 100;
export const JWT_SECRET = 'a-secret-of-users-in-replays-0001';
export const TICKET_SECRET = 'a-secret-of-tickets-in-replays-1';
const BRIDGE_TOKEN = 'a-token-of-bridges-in-replays-01';
const CAPACITY = 1_000_000;
const PACE_PER_SECOND = 100_000;
const DAY_MS = 86_400_000;

export interface Shop {
  readonly bindings: object;
  readonly redisUrl: string;
  /** Redis's own clock is not the replay's: whoever replays opens the line at the start. */
  openLine(): Promise<void>;
  stop(): Promise<void>;
}

export async function openShop(plan: {
  dir: string;
  firstAt: number;
  startAt: number;
}): Promise<Shop> {
  const { dir } = plan;
  const redis = await startRedis({
    dir: join(dir, 'redis'),
    appendfsync: 'no',
    detached: false,
    args: ['--appendonly', 'no'],
  });
  const bridge = await startBridge({
    dir: join(dir, 'bridge'),
    port: undefined,
    token: BRIDGE_TOKEN,
    redis,
  });
  const till = await openTill();
  const redisUrl = `http://${bridge.host}:${bridge.port}`;
  const run = (command: readonly (string | number)[]) => ask(redisUrl, command);
  await run(['SET', edgeKeys.saleStatus(SKU), JSON.stringify(statusOf(plan))]);
  await run(lineCommand(Date.now() + DAY_MS));
  return {
    redisUrl,
    bindings: {
      PROFILE: 'testing',
      JWT_SECRET,
      TICKET_SECRET,
      USER_KEY_SECRET: 'a-secret-of-user-keys-in-replays',
      DEVICE_SECRET: 'a-secret-of-devices-in-replays-1',
      PROOF_MAX_NUMBER: String(ORDINARY_MAX_NUMBER),
      EDGE_SIGNATURE_KEY: 'replay:a-secret-of-signatures-in-replays',
      ORIGIN_FALLBACK: till.url,
      REDIS_REST_URL: redisUrl,
      REDIS_REST_TOKEN: BRIDGE_TOKEN,
      ASSETS: { fetch: async (url: URL) => new Response(pageAt(new URL(url).pathname)) },
    },
    openLine: () => run(lineCommand(Date.now() - 1_000)),
    async stop() {
      await till.stop();
      await bridge.stop();
      await redis.stop();
    },
  };
}

const pageAt = (path: string): string => readFileSync(join(PAGE, path), 'utf8');

async function ask(url: string, command: readonly (string | number)[]): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${BRIDGE_TOKEN}` },
    body: JSON.stringify(command),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${command[0]}: ${text}`);
}

/** Goods for all, and a line that moves at once: only layer 1 says no. */
function lineCommand(startAt: number): (string | number)[] {
  const include = (name: string) => readFileSync(join(ROOT, `lua/include/${name}.lua`), 'utf8');
  const source = readFileSync(join(ROOT, 'lua/set-clock.lua'), 'utf8');
  const script = composeScript(source, {
    now: include('now'),
    clock: include('clock'),
    whole: include('whole'),
  });
  const keys = [
    edgeKeys.lineClock(SKU),
    edgeKeys.tokenBucket(SKU),
    edgeKeys.tokenBucketLast(SKU),
    edgeKeys.tokenBucketRemainder(SKU),
  ];
  const endAt = Date.now() + 10 * DAY_MS;
  const pace = [PACE_PER_SECOND, CAPACITY, DAY_MS, startAt, endAt, CAPACITY];
  const args = [ACTIVITY, 1, 1, NO_LIMIT_MS, ...pace, 0, 0, endAt];
  return ['EVAL', script, keys.length, ...keys, ...args];
}

function statusOf({ firstAt, startAt }: { firstAt: number; startAt: number }): SaleStatus {
  return {
    version: 1,
    writtenAt: firstAt,
    skuId: SKU,
    activityId: ACTIVITY,
    title: 'Replayed',
    // The script decides when the start is near, and long before it no one may enter either.
    state: 'LOADED',
    startAt,
    endAt: startAt + DAY_MS,
    entryOpensAt: startAt,
    price: 100,
    currency: 'USD',
    limitPerUser: 1,
    joinable: true,
    soldOut: false,
    unitsMayReturn: false,
    held: 0,
    nextReturnAt: null,
    outlook: null,
    draw: null,
    stockBand: 'some',
    waiting: 0,
    clock: {
      virtualAt: 0,
      realAt: startAt,
      speed: 1,
      virtualUntil: NO_LIMIT_MS,
      term: 1,
      version: 1,
    },
    ratePerSecond: PACE_PER_SECOND,
    capacity: CAPACITY,
    windowMs: DAY_MS,
    challengeAt: 40,
    denyAt: 80,
  };
}
