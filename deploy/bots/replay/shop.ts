// What stands around the Worker in a replay: a real Redis behind the real bridge, a till in place
// of the origin, and one sale that starts when the corpus says so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgeKeys } from '../../../shared/keys.ts';
import type { SaleStatus } from '../../../shared/sale-status.ts';
import { startRedis } from '../../local/services/redis.ts';
import { startBridge } from '../../stack/bridge.ts';
import { commandBridge, type HandLine, openLine, statusOfLine } from '../../stack/line-by-hand.ts';
import { PAGE } from '../../stack/places.ts';
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
  const run = (command: readonly (string | number)[]) =>
    commandBridge({ url: redisUrl, token: BRIDGE_TOKEN }, command);
  await run(['SET', edgeKeys.saleStatus(SKU), JSON.stringify(statusOf(plan))]);
  await run(openLine(lineFrom(Date.now() + DAY_MS)));
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
    openLine: () => run(openLine(lineFrom(Date.now() - 1_000))),
    async stop() {
      await till.stop();
      await bridge.stop();
      await redis.stop();
    },
  };
}

const pageAt = (path: string): string => readFileSync(join(PAGE, path), 'utf8');

/** Goods for all, and a line that moves at once: only layer 1 says no. */
function lineFrom(startAt: number): HandLine {
  return {
    skuId: SKU,
    activityId: ACTIVITY,
    startAt,
    endAt: startAt + 10 * DAY_MS,
    ratePerSecond: PACE_PER_SECOND,
    capacity: CAPACITY,
    windowMs: DAY_MS,
  };
}

/** The script decides when the start is near, and long before it no one may enter either. */
function statusOf({ firstAt, startAt }: { firstAt: number; startAt: number }): SaleStatus {
  return { ...statusOfLine(lineFrom(startAt), firstAt), state: 'LOADED' };
}
