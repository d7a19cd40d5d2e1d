// The services as containers, where a Docker engine answers.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Need } from './needs.ts';
import { run } from './services/programs.ts';

const FILE = join(import.meta.dirname, '../docker/docker-compose.infra.yml');
const ENGINE_ANSWERS_WITHIN_MS = 3_000;

/** True where an engine answers and its client has the compose command. */
export function canCompose(): boolean {
  const ask = (...args: string[]) =>
    spawnSync('docker', args, { timeout: ENGINE_ANSWERS_WITHIN_MS, stdio: 'ignore' }).status === 0;
  return ask('compose', 'version') && ask('info');
}

/** Starts a container for each service on its port and waits until they are healthy. */
export async function composeUp(ports: Map<Need, number>): Promise<void> {
  const names = [...ports.keys()].map((need) => need.name);
  const variables = [...ports].map(([need, port]) => [need.composePort, String(port)]);
  const args = ['compose', '-f', FILE, 'up', '-d', '--wait', ...names];
  await run('docker', args, Object.fromEntries(variables));
}

/** Removes the containers; their volumes only when the data is to go as well. */
export async function composeDown(data: 'keep-data' | 'wipe-data'): Promise<void> {
  const volumes = data === 'wipe-data' ? ['--volumes'] : [];
  await run('docker', ['compose', '-f', FILE, 'down', ...volumes]);
}
