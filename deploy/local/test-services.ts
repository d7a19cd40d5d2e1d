// Vitest's global set-up of the `integration` project: real services for one run, on free ports,
// in a directory that goes away with them. Each test file isolates itself by names of its own:
// a database (`createDatabase`), topics, SKUs, an etcd prefix. Tests that kill a service start
// one of their own.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Places } from './needs.ts';
import { startEtcd } from './services/etcd.ts';
import { startKafka } from './services/kafka.ts';
import { credentials, startMariadb } from './services/mariadb.ts';
import { birthOf, endProcess, runningIn } from './services/process.ts';
import { startRedis } from './services/redis.ts';
import type { Service } from './services/service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the services of this run are. */
    services: Places;
    /** A directory of this run for what test files start themselves. */
    scratchDir: string;
  }
}

const RUNS = resolve(import.meta.dirname, '../../.local/test');
const KILLED_WITHIN_MS = 5_000;

const started: Service[] = [];
const runDir = join(RUNS, String(process.pid));

export async function setup(project: TestProject): Promise<void> {
  await sweep();
  mkdirSync(runDir, { recursive: true });
  process.once('exit', killAll);
  const dir = (name: string) => join(runDir, name);
  const starting = [
    startRedis({ dir: dir('redis') }),
    startMariadb({ dir: dir('mysql') }),
    startKafka({ dir: dir('kafka') }),
    startEtcd({ dir: dir('etcd') }),
  ] as const;
  // All of them first: when one fails, those that did start are known and can be ended.
  for (const start of await Promise.allSettled(starting)) {
    if (start.status === 'fulfilled') started.push(start.value);
  }
  const [redis, mysql, kafka, etcd] = await Promise.all(starting);
  project.provide('services', {
    redis: { host: redis.host, port: redis.port },
    mysql: { host: mysql.host, port: mysql.port, ...credentials },
    kafka: { bootstrap: `${kafka.host}:${kafka.port}` },
    etcd: { endpoints: `http://${etcd.host}:${etcd.port}` },
  });
  project.provide('scratchDir', dir('scratch'));
}

/** The data is removed, so nothing has to be saved first. */
export async function teardown(): Promise<void> {
  killAll();
  await Promise.all(
    started.map(({ pid }) => endProcess({ pid, signal: 'SIGKILL', withinMs: KILLED_WITHIN_MS })),
  );
  rmSync(runDir, { recursive: true, force: true });
}

function killAll(): void {
  for (const service of started) service.kill('SIGKILL');
}

/** Ends what a run that was itself killed has left behind. */
async function sweep(): Promise<void> {
  mkdirSync(RUNS, { recursive: true });
  for (const run of readdirSync(RUNS)) {
    if (birthOf(Number(run)) !== undefined) continue;
    for (const name of readdirSync(join(RUNS, run))) {
      const left = runningIn(join(RUNS, run, name));
      if (left === undefined) continue;
      await endProcess({ pid: left.pid, signal: 'SIGKILL', withinMs: KILLED_WITHIN_MS });
    }
    rmSync(join(RUNS, run), { recursive: true, force: true });
  }
}
