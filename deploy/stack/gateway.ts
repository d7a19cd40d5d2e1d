import { join } from 'node:path';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { launch, type Service } from '../local/services/service.ts';
import { askHealth } from './bridge.ts';
import { ROOT } from './places.ts';
import type { Secrets } from './secrets.ts';

export interface GatewayPlan {
  dir: string;
  port: number | undefined;
  secrets: Secrets;
  /** Where the edge will listen: callbacks go there, and buyers who have paid. */
  shopUrl: string;
}

const READY_WITHIN_MS = 20_000;

/** The local payment gateway; it goes on from what it was told in the same directory. */
export async function startGateway({ dir, secrets, shopUrl, ...plan }: GatewayPlan) {
  const port = plan.port ?? (await freePort());
  const url = `http://${LOOPBACK}:${port}`;
  const service: Service = await launch({
    name: 'gateway',
    dir,
    port,
    command: process.execPath,
    args: [join(ROOT, 'deploy/gateway/server.ts')],
    env: {
      PROFILE: 'local',
      GATEWAY_PORT: String(port),
      GATEWAY_FILE: join(dir, 'sessions.jsonl'),
      PAYMENT_GATEWAY_SECRET: secrets.gateway,
      WEBHOOK_SECRET: secrets.webhook,
      SHOP_URL: shopUrl,
    },
    url,
    request: () => askHealth(`${url}/health`),
    readyWithinMs: READY_WITHIN_MS,
  });
  return service;
}
