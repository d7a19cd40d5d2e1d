// `npm run demo` as a newcomer calls it: a small sale, its report for machines, its exit code.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';

const DEMO = resolve(import.meta.dirname, '../demo/demo.ts');
const run = promisify(execFile);

it('the demo sells out, keeps every promise and leaves nothing behind', async () => {
  const dir = inject('scratchDir');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'demo.json');
  const flags = ['--buyers', '150', '--bots', '60', '--stock', '20', '--seed', '7', '--json', file];
  const { stdout } = await run(process.execPath, [DEMO, ...flags], { timeout: 55_000 });

  const report = JSON.parse(readFileSync(file, 'utf8'));
  expect(report).toMatchObject({
    ...{ stock: 20, sold: 20, orders: 20 },
    ...{ oversold: 0, duplicates: 0, overLimit: 0, leaked: 0 },
    people: { n: 150, refused: 0 },
    bots: { n: 60 },
    latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
  });
  expect(report.people.bought + report.bots.bought).toBe(20);
  expect(report.promises.length).toBeGreaterThan(5);
  expect(report.promises.filter(({ held }: { held: boolean }) => !held)).toEqual([]);
  expect(stdout).toContain('never-oversold');
  const started = /edge\s+(http:\S+)/.exec(stdout)?.[1] ?? '';
  await expect(fetch(started)).rejects.toThrow();
}, 60_000);

it('the demo refuses flags that it does not know, and says which it does', async () => {
  const failed = run(process.execPath, [DEMO, '--stock', 'many']);
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--stock'),
  });
});
