// What stands in the edge Redis of an activity's line: its clock and its token bucket.

import type { Bucket } from '../../shared/bucket.ts';
import type { LineClock } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { Redis } from '../redis/client.ts';
import { pipelined } from '../redis/pipelined.ts';

/** A clock with the terms of the activity that it was set for. */
export interface StoredClock extends LineClock {
  readonly activityId: string;
  readonly rate: number;
  readonly capacity: number;
  readonly window: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly queueLimit: number;
}

export interface StoredLine {
  readonly clock: StoredClock | undefined;
  readonly bucket: Bucket | undefined;
}

const CLOCK_NUMBERS = [
  'virtualAt',
  'realAt',
  'speed',
  'virtualUntil',
  'term',
  'version',
  'rate',
  'capacity',
  'window',
  'startAt',
  'endAt',
  'queueLimit',
] as const;

/** Reads many lines and the server's time (epoch ms, before the rest) in one round trip. */
export async function readLines(
  redis: Redis,
  skuIds: readonly string[],
): Promise<{ readonly nowMs: number; readonly lines: readonly StoredLine[] }> {
  const pipeline = redis.pipeline().time();
  for (const skuId of skuIds) {
    pipeline.hmget(edgeKeys.lineClock(skuId), 'activityId', ...CLOCK_NUMBERS);
    pipeline.mget(
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
      edgeKeys.tokenBucketRemainder(skuId),
    );
  }
  const [time, ...replies] = await pipelined(pipeline);
  const lines = skuIds.map((_, index) => ({
    clock: parseClock(texts(replies[2 * index])),
    bucket: parseBucket(texts(replies[2 * index + 1])),
  }));
  const [seconds, microseconds] = texts(time).map(Number);
  return { nowMs: Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000), lines };
}

function parseClock([activityId, ...fields]: readonly (string | undefined)[]) {
  if (activityId === undefined) return undefined;
  const number = (name: (typeof CLOCK_NUMBERS)[number]): number =>
    Number(fields[CLOCK_NUMBERS.indexOf(name)]);
  const clock: StoredClock = {
    activityId,
    virtualAt: number('virtualAt'),
    realAt: number('realAt'),
    speed: number('speed'),
    virtualUntil: number('virtualUntil'),
    term: number('term'),
    version: number('version'),
    rate: number('rate'),
    capacity: number('capacity'),
    window: number('window'),
    startAt: number('startAt'),
    endAt: number('endAt'),
    queueLimit: number('queueLimit'),
  };
  return clock;
}

function parseBucket([balance, last, remainder]: readonly (string | undefined)[]) {
  if (balance === undefined || last === undefined || remainder === undefined) return undefined;
  return { balance: Number(balance), lastMs: Number(last), remainder: Number(remainder) };
}

function texts(reply: unknown): (string | undefined)[] {
  if (!Array.isArray(reply)) return [];
  return reply.map((value: unknown) => (value === null ? undefined : String(value)));
}
