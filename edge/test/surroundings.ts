// Vitest's global set-up of the `edge` project, in Node: a real Redis behind the real bridge, a
// counter of the HTTP requests between Worker and bridge, and an origin that records.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { TestProject } from 'vitest/node';
import { freePort, LOOPBACK } from '../../deploy/local/services/ports.ts';
import { startRedis } from '../../deploy/local/services/redis.ts';
import type {} from './provided.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BRIDGE = join(ROOT, 'origin/bridge/server.ts');
const REDIS_TOKEN = 'a-token-of-the-edge-tests';
const SIGNATURE_KEY = 'test:a-signature-secret-of-tests';
const TURNSTILE_SECRET = 'a-turnstile-secret-of-tests';
const READY_WITHIN_MS = 15_000;
const serversSchema = v.object({
  redisUrl: v.string(),
  originUrl: v.string(),
  turnstileUrl: v.string(),
});

const ending: (() => Promise<void>)[] = [];
const dir = join(ROOT, '.local/edge-test', String(process.pid));

export async function setup(project: TestProject): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const redis = await startRedis({ dir: join(dir, 'redis'), appendfsync: 'no', detached: false });
  ending.push(() => redis.stop());
  const bridgeUrl = await startBridge(redis.port);
  const { redisUrl, originUrl, turnstileUrl } = await startServers(bridgeUrl);
  project.provide('surroundings', {
    redisUrl,
    redisToken: REDIS_TOKEN,
    originUrl,
    signatureKey: SIGNATURE_KEY,
    turnstile: { url: turnstileUrl, secret: TURNSTILE_SECRET },
  });
}

export async function teardown(): Promise<void> {
  for (const end of ending.reverse()) await end();
  rmSync(dir, { recursive: true, force: true });
}

async function startServers(bridgeUrl: string) {
  const servers = fork(join(import.meta.dirname, 'servers.ts'), [
    ...[bridgeUrl, SIGNATURE_KEY, TURNSTILE_SECRET],
  ]);
  ending.push(async () => {
    if (servers.exitCode !== null) return;
    servers.disconnect();
    await once(servers, 'exit');
  });
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  const [told]: unknown[] = await once(servers, 'message', { signal });
  return v.parse(serversSchema, told);
}

async function startBridge(redisPort: number): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [BRIDGE], {
    env: {
      BRIDGE_PORT: String(port),
      BRIDGE_TOKEN: REDIS_TOKEN,
      EDGE_REDIS_HOST: LOOPBACK,
      EDGE_REDIS_PORT: String(redisPort),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ending.push(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const url = `http://${LOOPBACK}:${port}`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(`${url}/health`))) {
    if (Date.now() > deadline) throw new Error('the bridge does not answer');
    await pause(20);
  }
  return url;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
