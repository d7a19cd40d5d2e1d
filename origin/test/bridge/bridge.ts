import { Redis as UpstashRedis } from '@upstash/redis';
import { createApp } from '../../bridge/app.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';

export const TOKEN = 'a-token-of-enough-length';

/** A bridge that listens in this process, over a Redis of its own. */
export interface Bridge {
  readonly url: string;
  readonly redis: OwnRedis;
  /** The edge's client: one HTTP request for each call, whoever else calls at the time. */
  readonly client: UpstashRedis;
  /** A raw call with the token; `init` adds to it or replaces parts of it. */
  call(path: string, init?: RequestInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export const LIMITS = { bodyBytes: 100_000, pipelineCommands: 8, valueBytes: 10_000 };

/** Of calls that Redis answers: a busy machine may take a second for one. */
const PATIENT_MS = 10_000;

export async function startBridge(timeoutMs = PATIENT_MS): Promise<Bridge> {
  const redis = await startOwnRedis();
  const { host, port } = redis;
  const connection = connectRedis({ host, port, name: 'bridge-test', commandTimeoutMs: timeoutMs });
  await untilReady(connection, PATIENT_MS);
  const app = createApp({ token: TOKEN, limits: LIMITS }, connection);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    redis,
    client: new UpstashRedis({
      url,
      token: TOKEN,
      retry: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
    }),
    async call(path, init = {}) {
      const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
      const response = await fetch(`${url}${path}`, { method: 'POST', ...init, headers });
      return {
        status: response.status,
        headers: response.headers,
        body: await response.json(),
      };
    },
    async stop() {
      await app.close();
      connection.disconnect();
      await redis.stop();
    },
  };
}
