// What stands in the edge Redis of an activity's line: its clock, its token bucket, who came.

import type { Bucket } from '../../shared/bucket.ts';
import type { LineClock } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { Redis } from '../redis/client.ts';
import { nodeOf } from '../redis/nodes.ts';
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
  /** Places that were told to wait since the line was opened. */
  readonly waited: number;
}

export interface StoredLine {
  readonly clock: StoredClock | undefined;
  readonly bucket: Bucket | undefined;
  /** Turns of called places that came and were not counted yet, oldest first. */
  readonly came: readonly number[];
  /** Epoch ms when the entry bucket last turned away a called place; 0 never. */
  readonly refusedAt: number;
  /** The text of the call log. */
  readonly callLog: string | undefined;
}

export const NO_LINE: StoredLine = {
  ...{ clock: undefined, bucket: undefined, came: [], refusedAt: 0, callLog: undefined },
};

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
  'waited',
] as const;

/** What is more than this waits for the next round. */
const MAX_CAME = 200_000;
const COMMANDS_PER_LINE = 5;

export interface LineWanted {
  readonly skuId: string;
  /** Without it nobody came, as far as this reading tells. */
  readonly withCame: boolean;
  readonly withCallLog: boolean;
}

/**
 * Reads many lines of one server (`tripsOf`) and its time (epoch ms) in one round trip. The time
 * comes last: nobody is among those who came whose turn lies behind it.
 */
export async function readLines(
  redis: Redis,
  wanted: readonly LineWanted[],
): Promise<{ readonly nowMs: number; readonly lines: readonly StoredLine[] }> {
  const [first] = wanted;
  const node = first === undefined ? undefined : nodeOf(redis, edgeKeys.lineClock(first.skuId));
  if (node === undefined) throw new Error('no server is known to hold these lines');
  const pipeline = node.pipeline();
  for (const { skuId, withCame, withCallLog } of wanted) {
    // One command in either case, so that replies are found by their place.
    if (withCame) pipeline.lrange(edgeKeys.came(skuId), 0, MAX_CAME - 1);
    else pipeline.exists(edgeKeys.came(skuId));
    pipeline.hmget(edgeKeys.lineClock(skuId), 'activityId', ...CLOCK_NUMBERS);
    pipeline.mget(
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
      edgeKeys.tokenBucketRemainder(skuId),
    );
    pipeline.get(edgeKeys.entryBucket(skuId));
    if (withCallLog) pipeline.get(edgeKeys.callLog(skuId));
    else pipeline.exists(edgeKeys.callLog(skuId));
  }
  const replies = await pipelined(pipeline.time());
  const lines = wanted.map(({ withCallLog }, index): StoredLine => {
    const at = COMMANDS_PER_LINE * index;
    const callLog = replies[at + 4];
    return {
      came: texts(replies[at]).map(Number),
      clock: parseClock(texts(replies[at + 1])),
      bucket: parseBucket(texts(replies[at + 2])),
      refusedAt: parseRefusedAt(replies[at + 3]),
      callLog: withCallLog && typeof callLog === 'string' ? callLog : undefined,
    };
  });
  const [seconds, microseconds] = texts(replies.at(-1)).map(Number);
  return { nowMs: Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000), lines };
}

function parseClock([activityId, ...fields]: readonly (string | undefined)[]) {
  if (activityId === undefined) return undefined;
  const number = (name: (typeof CLOCK_NUMBERS)[number]): number =>
    Number(fields[CLOCK_NUMBERS.indexOf(name)] ?? 0);
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
    waited: number('waited'),
  };
  return clock;
}

function parseBucket([balance, last, remainder]: readonly (string | undefined)[]) {
  if (balance === undefined || last === undefined || remainder === undefined) return undefined;
  return { balance: Number(balance), lastMs: Number(last), remainder: Number(remainder) };
}

/** The fourth number of the entry bucket (`lua/include/entry-bucket.lua`). */
function parseRefusedAt(stored: unknown): number {
  const mark = typeof stored === 'string' ? stored.split(' ')[3] : undefined;
  return mark === undefined ? 0 : Number(mark) || 0;
}

function texts(reply: unknown): (string | undefined)[] {
  if (!Array.isArray(reply)) return [];
  return reply.map((value: unknown) => (value === null ? undefined : String(value)));
}
