// `npm run dev` as a process of its own, in a directory of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { birthOf } from '../local/services/process.ts';
import { ROOT } from '../stack/places.ts';
import { until } from './client.ts';

const devFileSchema = v.object({
  edge: v.string(),
  origin: v.string(),
  actuator: v.string(),
  redis: v.string(),
  pids: v.record(v.string(), v.number()),
  secrets: v.object({ jwt: v.string(), webhook: v.string(), edgeSignature: v.string() }),
});

export interface Dev extends v.InferOutput<typeof devFileSchema> {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
}

const STARTS_WITHIN_MS = 45_000;

export async function startDev(dir: string): Promise<Dev> {
  const file = `${dir}.json`;
  // Tests beside each other would find the usual ports free, and then taken.
  const args = [join(ROOT, 'deploy/dev/dev.ts'), '--dir', dir, '--free-ports'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const members = await until(async () => {
    if (child.exitCode !== null) throw new Error(`dev ended with ${child.exitCode}:\n${output}`);
    if (!existsSync(file)) return undefined;
    const found = v.parse(devFileSchema, JSON.parse(readFileSync(file, 'utf8')));
    // The file of a run that was killed stays until the next one removes it.
    return found.pids.dev === child.pid ? found : undefined;
  }, STARTS_WITHIN_MS);
  return { ...members, child, output: () => output };
}

/** SIGKILL to every process of it, all at once. */
export async function killAll({ pids }: Dev): Promise<void> {
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGKILL');
  await untilGone(pids);
}

/** Ctrl-C, and the end in order that follows. */
export async function interrupt({ child, pids }: Dev): Promise<void> {
  child.kill('SIGINT');
  await untilGone(pids);
}

async function untilGone(pids: Dev['pids']): Promise<void> {
  await until(async () => {
    const areAllGone = Object.values(pids).every((pid) => birthOf(pid) === undefined);
    return areAllGone || undefined;
  });
}
