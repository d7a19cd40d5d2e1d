import { join } from 'node:path';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { run } from '../local/services/programs.ts';
import { launch, type Service } from '../local/services/service.ts';
import { askHealth } from './bridge.ts';
import { ROOT } from './places.ts';

export interface OriginPlan {
  dir: string;
  port: number | undefined;
  actuatorPort: number | undefined;
  grpcPort: number | undefined;
  /** The origin's own settings, by the names of its configuration. */
  env: Readonly<Record<string, string>>;
}

/** A start may have to rebuild a Redis that came back. */
const READY_WITHIN_MS = 60_000;

export type OriginService = Service & { readonly actuator: string; readonly grpc: string };

export async function startOrigin(plan: OriginPlan): Promise<OriginService> {
  const port = plan.port ?? (await freePort());
  const actuatorPort = plan.actuatorPort ?? (await freePort());
  const grpcPort = plan.grpcPort ?? (await freePort());
  const actuator = `http://${LOOPBACK}:${actuatorPort}`;
  const service = await launch({
    name: 'origin',
    dir: plan.dir,
    port,
    command: process.execPath,
    args: ['--disable-warning=TimeoutNegativeWarning', join(ROOT, 'origin/server.ts')],
    env: {
      ...plan.env,
      ORIGIN_HOST: LOOPBACK,
      ORIGIN_PORT: String(port),
      ACTUATOR_PORT: String(actuatorPort),
      GRPC_PORT: String(grpcPort),
    },
    url: `http://${LOOPBACK}:${port}`,
    request: () => askHealth(`${actuator}/actuator/health/readiness`),
    readyWithinMs: READY_WITHIN_MS,
  });
  return { ...service, actuator, grpc: `${LOOPBACK}:${grpcPort}` };
}

/** Brings the database to the present form; a repeat changes nothing. */
export async function migrate(env: Readonly<Record<string, string>>): Promise<void> {
  await run(process.execPath, [join(ROOT, 'origin/cli/cli.ts'), 'migrate'], env);
}
