// The edge's way to its Redis: HTTP, one request per question.

import { type Log, nameOf } from '../log.ts';
import { createBreaker } from './breaker.ts';
import type { Reply, Ride } from './ride.ts';
import { HttpClient } from './upstash-http.js';

export type Asked<Value> =
  | { readonly kind: 'answer'; readonly value: Value }
  | { readonly kind: 'away' };

export interface RedisClient {
  /**
   * Sends commands in one HTTP request: one reply each, in their order. A command's fault is its
   * reply; what is thrown means that Redis is away.
   */
  send(rides: readonly Ride[]): Promise<readonly Reply[]>;
}

export interface EdgeRedis {
  /**
   * Lets `question` make one HTTP request. Deadline: `timeoutMs`. Retries: none. Safe to repeat: up
   * to the question.
   */
  ask<Value>(
    question: (redis: RedisClient) => Promise<Value>,
    timeoutMs: number,
  ): Promise<Asked<Value>>;
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
      // One client per question shares nothing between requests.
      const http = new HttpClient({
        baseUrl: url,
        headers: { authorization: `Bearer ${token}` },
        retry: { retries: 0 },
        signal: () => AbortSignal.timeout(timeoutMs),
        responseEncoding: false,
        readYourWrites: false,
        keepAlive: false,
      });
      const send = async (rides: readonly Ride[]): Promise<readonly Reply[]> =>
        repliesIn(await http.request({ path: ['pipeline'], body: rides }), rides.length);
      try {
        const value = await question({ send });
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

function repliesIn(answer: unknown, count: number): readonly Reply[] {
  if (!Array.isArray(answer) || answer.length !== count) throw new TypeError('not a pipeline');
  return answer.map(replyIn);
}

function replyIn(value: unknown): Reply {
  if (typeof value !== 'object' || value === null) return { error: 'NOTHING' };
  if ('error' in value && typeof value.error === 'string') return { error: value.error };
  return { result: 'result' in value ? value.result : undefined };
}
