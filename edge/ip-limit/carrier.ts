// The Redis client that @upstash/ratelimit is given: each call of the library takes commands along
// that the request wants answered anyway, so that counting and reading are one HTTP request.
import type { EdgeRedis } from '../redis/edge-redis.ts';
import type { Reply, Ride } from '../redis/ride.ts';

export interface Carriage {
  readonly redis: EdgeRedis;
  readonly rides: readonly Ride[];
  /** Gets one reply for each ride, in their order. */
  readonly deliver: (replies: readonly Reply[]) => void;
  readonly timeoutMs: number;
  /** Shared by the calls of an isolate: whether it has sent the library's script once. */
  readonly script: { isSent: boolean };
}

export class RedisAway extends Error {
  override name = 'RedisAway';
}

export function createCarrier({ redis, rides, deliver, timeoutMs, script }: Carriage) {
  let answered: readonly Reply[] | undefined;

  async function run<Data>(own: Ride): Promise<Data> {
    // The library tries again where the server forgot its script: nothing rides twice.
    const sent = answered === undefined ? [own, ...rides] : [own];
    const asked = await redis.ask((client) => client.send(sent), timeoutMs);
    if (asked.kind === 'away') throw new RedisAway();
    const [reply, ...replies] = asked.value;
    answered ??= replies;
    const result = reply?.result;
    // Of a cluster another server may have answered these.
    deliver(answered);
    if (reply?.error !== undefined || !isData<Data>(result)) {
      throw new Error(reply?.error ?? 'no result');
    }
    return result;
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
      return run<Data>(['evalsha', hash, keys.length, ...keys, ...args.map(String)]);
    },
    async eval<Args extends unknown[], Data>(
      text: string,
      keys: string[],
      args: Args,
    ): Promise<Data> {
      const result = await run<Data>(['eval', text, keys.length, ...keys, ...args.map(String)]);
      script.isSent = true;
      return result;
    },
    // Of the library's type, but only its dynamic limits use them, and those are off.
    get: async () => null,
    set: async () => null,
  };
}

/** What the library's scripts answer has the type that the library says. */
const isData = <Data>(result: unknown): result is Data => result !== undefined;
