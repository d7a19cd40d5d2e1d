// `npm run dev` keeps its parts running, lets nobody else at its data, and ends in order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ROOT } from '../stack/places.ts';
import { buy, openSale, tokenOf, until } from './client.ts';
import { type Dev, interrupt, startDev } from './dev-process.ts';
import { freshName, send } from './send.ts';

const dir = join(inject('scratchDir'), freshName('dev'));
let dev: Dev;
beforeAll(async () => {
  dev = await startDev(dir);
});
afterAll(() => interrupt(dev));

test('it opens a sale to look at, on a page of its own', async () => {
  const page = await until(async () => /^page (\S+)$/m.exec(dev.output())?.[1]);
  const answer = await fetch(page);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(await answer.text()).toContain('/assets/sale-page.js');
});

test.for(['origin', 'bridge', 'edge', 'redis'])(
  '%s, killed, is started again and selling goes on',
  async (name) => {
    const { edge, actuator } = dev;
    const sale = await openSale(edge);
    const token = await tokenOf(edge, freshName('buyer'));
    process.kill(dev.pids[name] ?? 0, 'SIGKILL');
    await until(async () => dev.output().includes(`${name} is back`) || undefined);
    await until(async () => {
      const answer = await send(`${actuator}/actuator/health`);
      return answer.status === 200 || undefined;
    });
    const bought = await buy({ edge, skuId: sale.skuId, token });
    expect(bought.status).toBe(201);
  },
);

test('a second one on the same data is refused', async () => {
  const second = spawn(process.execPath, [join(ROOT, 'deploy/dev/dev.ts'), '--dir', dir]);
  let complaint = '';
  second.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(complaint).toContain(`another "npm run dev" is running (process ${dev.child.pid})`);
  expect(existsSync(`${dir}.json`)).toBe(true);
});
