// A line put into the edge Redis as its leader would, for benches and replays that run no origin.
import { luaScript } from '../../origin/redis/lua.ts';
import { NO_LIMIT_MS } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';

export interface HandLine {
  readonly skuId: string;
  readonly activityId: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly ratePerSecond: number;
  readonly capacity: number;
  readonly windowMs: number;
}

type Command = readonly (string | number)[];

/** Opens the line at speed 1, held back by nothing; its keys live until the sale ends. */
export function openLine(line: HandLine): Command {
  const { skuId, activityId, startAt, endAt, ratePerSecond, capacity, windowMs } = line;
  const keys = [
    edgeKeys.lineClock(skuId),
    edgeKeys.tokenBucket(skuId),
    edgeKeys.tokenBucketLast(skuId),
    edgeKeys.tokenBucketRemainder(skuId),
    edgeKeys.came(skuId),
    edgeKeys.callLog(skuId),
  ];
  const pace = [ratePerSecond, capacity, windowMs, startAt, endAt, capacity];
  const args = [activityId, 1, 1, NO_LIMIT_MS, ...pace, 0, 0, endAt, '', 0, 'steady'];
  return ['EVAL', luaScript('set-clock').source, keys.length, ...keys, ...args];
}

/** A document of that line: goods for all, no draw, and nothing known of waits. */
export function statusOfLine(line: HandLine, writtenAt: number): SaleStatus {
  const { skuId, activityId, startAt, endAt, ratePerSecond, capacity, windowMs } = line;
  return {
    version: 1,
    writtenAt,
    skuId,
    activityId,
    title: skuId,
    state: 'RUNNING',
    startAt,
    endAt,
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
    ratePerSecond,
    capacity,
    windowMs,
    challengeAt: 40,
    denyAt: 80,
  };
}

/** Runs one command through a bridge. */
export async function commandBridge(
  { url, token }: { readonly url: string; readonly token: string },
  command: Command,
): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(command),
    signal: AbortSignal.timeout(5_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${command[0]}: ${text}`);
}
