// The Redis client that @upstash/ratelimit is given: each call of the library takes keys along that
// the purchase wants to read, so that counting and reading are one HTTP request.
import type { Pipeline } from '@upstash/redis';
import type { EdgeRedis } from '../redis/edge-redis.ts';

/** Values of the keys, in their order. */
export type Values = readonly (string | null)[];

export interface Carriage {
  readonly redis: EdgeRedis;
  /** Keys of one slot; none is fine. */
  readonly keys: readonly string[];
  readonly deliver: (values: Values) => void;
  readonly timeoutMs: number;
  /** Shared by the calls of an isolate: whether it has sent the library's script once. */
  readonly script: { isSent: boolean };
}

export class RedisAway extends Error {
  override name = 'RedisAway';
}

export function createCarrier({ redis, keys: wanted, deliver, timeoutMs, script }: Carriage) {
  async function run<Data>(add: (pipeline: Pipeline) => unknown): Promise<Data> {
    const asked = await redis.ask((client) => {
      const pipeline = client.pipeline();
      add(pipeline);
      if (wanted.length > 0) pipeline.mget(...wanted);
      return pipeline.exec<[Data, (string | null)[]?]>({ keepErrors: true });
    }, timeoutMs);
    if (asked.kind === 'away') throw new RedisAway();
    const [own, carried] = asked.value;
    const error = own.error ?? carried?.error;
    if (error !== undefined || own.result === undefined) throw new Error(error ?? 'no result');
    if (carried?.result !== undefined) deliver(carried.result);
    return own.result;
  }

  return {
    async evalsha<Args extends unknown[], Data>(
      hash: string,
      keys: string[],
      args: Args,
    ): Promise<Data> {
      // The library answers this with the script's text. A server that has it does not mind, and
      // a new isolate in front of a new server makes one request, not two.
      if (!script.isSent) throw new Error('NOSCRIPT');
      return run<Data>((pipeline) => pipeline.evalsha(hash, keys, args));
    },
    async eval<Args extends unknown[], Data>(
      text: string,
      keys: string[],
      args: Args,
    ): Promise<Data> {
      const result = await run<Data>((pipeline) => pipeline.eval(text, keys, args));
      script.isSent = true;
      return result;
    },
    // Of the library's type, but only its dynamic limits use them, and those are off.
    get: async () => null,
    set: async () => null,
  };
}
