import { join } from 'node:path';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { launch, type Service } from '../local/services/service.ts';
import { ROOT } from './places.ts';
import type { RedisAt } from './settings.ts';

export interface BridgePlan {
  dir: string;
  port: number | undefined;
  token: string;
  redis: RedisAt;
}

const READY_WITHIN_MS = 20_000;

/** The REST interface through which the Worker speaks to Redis. */
export async function startBridge({ dir, token, redis, ...plan }: BridgePlan): Promise<Service> {
  const port = plan.port ?? (await freePort());
  const url = `http://${LOOPBACK}:${port}`;
  return launch({
    name: 'bridge',
    dir,
    port,
    command: process.execPath,
    args: [join(ROOT, 'origin/bridge/server.ts')],
    env: {
      BRIDGE_HOST: LOOPBACK,
      BRIDGE_PORT: String(port),
      BRIDGE_TOKEN: token,
      EDGE_REDIS_HOST: redis.host,
      EDGE_REDIS_PORT: String(redis.port),
      ...(redis.isCluster && { EDGE_REDIS_CLUSTER: 'true' }),
    },
    url,
    request: () => askHealth(`${url}/health`),
    readyWithinMs: READY_WITHIN_MS,
  });
}

/** 200 is a real answer: the bridge asks Redis first, the origin all that it needs. */
export async function askHealth(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text.slice(0, 500)}`);
}
