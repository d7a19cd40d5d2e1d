import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const MANY = 250;
const ASKS = `
  const { freePort } = await import(${JSON.stringify(new URL('ports.ts', import.meta.url).href)});
  const ports = [];
  while (ports.length < ${MANY}) ports.push(await freePort());
  console.log(JSON.stringify(ports));
  process.stdin.resume();`;

it('is given to one process only, of those that ask at the same time', async () => {
  const given = await Promise.all([1, 2, 3].map(() => portsOfAProcess()));
  for (const { child } of given) child.kill();
  expect(new Set(given.flatMap(({ ports }) => ports)).size).toBe(3 * MANY);
});

async function portsOfAProcess() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', ASKS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const ports: number[] = JSON.parse(line);
  return { child, ports };
}
