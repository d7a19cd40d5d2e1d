import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Part } from '../stack/part.ts';
import { supervise } from './supervise.ts';

/** A part whose process ends by itself `ends` times and then runs until it is killed. */
async function frailPart(ends: number): Promise<Part & { starts(): number; end(): void }> {
  let starts = 0;
  const start = async () => {
    starts += 1;
    const lives = starts > ends;
    const child = spawn(process.execPath, ['-e', lives ? 'setInterval(() => {}, 1000)' : '']);
    await once(child, lives ? 'spawn' : 'exit');
    return child;
  };
  let child = await start();
  const service = () => ({
    ...{ name: 'frail', host: '127.0.0.1', port: 1, pid: child.pid ?? 0 },
    stop: async () => void child.kill(),
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  });
  const restart = async () => {
    child = await start();
  };
  return { name: 'frail', service, restart, starts: () => starts, end: () => void child.kill() };
}

test('a part that ended is started again, and everybody is told', async () => {
  const part = await frailPart(2);
  const end = new AbortController();
  const told: string[] = [];
  const supervising = supervise({
    parts: [part],
    signal: end.signal,
    onEnded: ({ name }) => told.push(`${name} ended`),
    onRestarted: ({ name }) => told.push(`${name} back`),
  });
  await expect.poll(() => part.starts(), { timeout: 5_000 }).toBe(3);
  end.abort();
  await supervising;
  part.end();
  expect(told).toEqual(['frail ended', 'frail back', 'frail ended', 'frail back']);
});

test('a part that keeps ending is given up', async () => {
  const part = await frailPart(Number.POSITIVE_INFINITY);
  const supervising = supervise({
    parts: [part],
    signal: new AbortController().signal,
    onEnded: () => undefined,
    onRestarted: () => undefined,
  });
  await expect(supervising).rejects.toThrow('frail ended 6 times within a minute');
  expect(part.starts()).toBe(6);
});
