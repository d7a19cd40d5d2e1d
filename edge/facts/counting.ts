// Scripts that ride in the limit's request to Redis, and are run once more where the server forgot
// them.
import countSource from '../../lua/count-facts.lua';
import whole from '../../lua/include/whole.lua';
import noteSource from '../../lua/note-purchase.lua';
import { composeScript } from '../../shared/script.ts';
import type { Log } from '../log.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import type { Reply, Ride } from '../redis/ride.ts';
import { createScript, type Script, type ScriptCall } from '../redis/script.ts';

export interface Counting<Facts> {
  readonly rides: readonly Ride[];
  /** The facts in the replies to the rides; undefined when Redis cannot tell. */
  read(replies: readonly Reply[]): Promise<Facts | undefined>;
}

/** What an isolate counts with. */
export interface Counter {
  readonly redis: EdgeRedis;
  readonly log: Log;
  /** lua/count-facts.lua */
  readonly count: Script;
  /** lua/note-purchase.lua */
  readonly note: Script;
}

const TIMEOUT_MS = 500;

export function createCounter(redis: EdgeRedis, log: Log): Counter {
  const count = createScript(countSource);
  const note = createScript(composeScript(noteSource, { whole }));
  return { redis, log, count, note };
}

export async function answerTo(
  { redis, log }: Counter,
  {
    script,
    call,
    reply,
  }: {
    readonly script: Script;
    readonly call: ScriptCall;
    readonly reply: Reply | undefined;
  },
): Promise<unknown> {
  const rode = script.answerOf(reply);
  if (rode.kind === 'answer') return rode.value;
  if (rode.kind === 'forgotten') {
    const asked = await redis.ask((client) => script.run(client, call), TIMEOUT_MS);
    if (asked.kind === 'away') return undefined;
    if (asked.value.kind === 'answer') return asked.value.value;
  }
  const detail = rode.kind === 'fault' ? rode.code : 'NOSCRIPT';
  log({ event: 'facts not counted', level: 'error', detail });
  return undefined;
}
