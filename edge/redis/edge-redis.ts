// The edge's way to its Redis: HTTP, one request per question.
import { Redis } from '@upstash/redis/cloudflare';
import { type Log, nameOf } from '../log.ts';
import { createBreaker } from './breaker.ts';

export type Asked<Value> =
  | { readonly kind: 'answer'; readonly value: Value }
  | { readonly kind: 'away' };

export interface EdgeRedis {
  /**
   * Lets `question` make one HTTP request, best a pipeline that keeps its errors: then what is
   * thrown means that Redis is away. Deadline: `timeoutMs`. Retries: none. Safe to repeat: up to
   * the question.
   */
  ask<Value>(question: (redis: Redis) => Promise<Value>, timeoutMs: number): Promise<Asked<Value>>;
}

export interface EdgeRedisPlace {
  readonly url: string;
  readonly token: string;
}

export function createEdgeRedis({ url, token }: EdgeRedisPlace, log: Log): EdgeRedis {
  const breaker = createBreaker();
  return {
    async ask(question, timeoutMs) {
      if (!breaker.mayTry(Date.now())) return { kind: 'away' };
      // A client costs 2 µs; one per question shares nothing between requests.
      const redis = new Redis({
        url,
        token,
        retry: { retries: 0 },
        signal: () => AbortSignal.timeout(timeoutMs),
        enableAutoPipelining: false,
        automaticDeserialization: false,
        responseEncoding: false,
        readYourWrites: false,
        enableTelemetry: false,
        keepAlive: false,
      });
      try {
        const value = await question(redis);
        breaker.succeeded();
        return { kind: 'answer', value };
      } catch (error) {
        log({ event: 'redis away', level: 'warn', detail: nameOf(error) });
        breaker.failed(Date.now());
        return { kind: 'away' };
      }
    },
  };
}
