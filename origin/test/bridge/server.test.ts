// The entry point as a process: its configuration, its start and its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';

const TOKEN = 'a-token-of-enough-length';

let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
});
afterAll(() => redis.stop());

function run(environment: Record<string, string>, ...args: string[]) {
  return spawn(process.execPath, ['origin/bridge/server.ts', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outputOf(child: ChildProcess) {
  const output = { out: '', err: '' };
  child.stdout?.on('data', (data) => {
    output.out += String(data);
  });
  child.stderr?.on('data', (data) => {
    output.err += String(data);
  });
  const [code] = await once(child, 'close');
  return { code, ...output };
}

async function urlOf(child: ReturnType<typeof run>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the bridge ended before it listened');
}

const settings = () => ({
  BRIDGE_TOKEN: TOKEN,
  BRIDGE_PORT: '0',
  EDGE_REDIS_HOST: redis.host,
  EDGE_REDIS_PORT: String(redis.port),
});

test('a wrong environment ends the start with every problem', async () => {
  const { code, err } = await outputOf(run({ BRIDGE_PORT: 'x', BRIDGE_PIPELINE_LIMIT: '0' }));
  expect(code).toBe(1);
  expect(
    err
      .trim()
      .split('\n')
      .map((line) => line.split(':')[0]),
  ).toEqual(['BRIDGE_PORT', 'BRIDGE_TOKEN', 'BRIDGE_PIPELINE_LIMIT']);
});

test('--help names the settings and starts nothing', async () => {
  const { code, out } = await outputOf(run({}, '--help'));
  expect(code).toBe(0);
  expect(out).toContain('BRIDGE_TOKEN');
});

test('it serves without Redis, and says so', async () => {
  const child = run({ ...settings(), EDGE_REDIS_PORT: '1' });
  const url = await urlOf(child);
  expect((await fetch(`${url}/health`)).status).toBe(503);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s lets calls in flight end, then exits 0',
  async (signal) => {
    const child = run(settings());
    const url = await urlOf(child);
    const headers = { authorization: `Bearer ${TOKEN}` };
    await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
    // Half of a request is on its way when the signal comes.
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const request: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers,
      body: body.readable,
      duplex: 'half',
    };
    const answer = fetch(url, request);
    const writer = body.writable.getWriter();
    await writer.write(Buffer.from('["PI'));
    await fetch(`${url}/ping`, { headers });
    const exited = once(child, 'exit');
    child.kill(signal);
    await expect
      .poll(() =>
        fetch(`${url}/health`).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    await writer.write(Buffer.from('NG"]'));
    await writer.close();
    expect(await (await answer).json()).toEqual({ result: 'PONG' });
    expect(await exited).toEqual([0, null]);
  },
);
