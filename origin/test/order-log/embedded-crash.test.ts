import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, inject, test } from 'vitest';
import { createEmbeddedOrderLog } from '../../order-log/embedded/embedded-order-log.ts';
import type { LoggedEvent } from '../../order-log/order-log.ts';
import { openStore } from '../../store/open-store.ts';
import { createBatchWriter } from '../../writer/batch-writer.ts';
import { openOnceFree } from '../store/stores.ts';
import { openSale, type Sale } from './sale.ts';

const PROGRAM = new URL('embedded-process.ts', import.meta.url).pathname;
const ROUNDS = 3;

/** What a process that is killed in the middle of an append had begun, and had been told done. */
async function appendUntilKilled(order: { file: string; sale: Sale }) {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const begun: LoggedEvent[] = [];
  let done = 0;
  const killAfter = 3 + Math.floor(Math.random() * 5);
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line);
    if (told.state === 'appended') done = begun.length;
    else begun.push(...told.events);
    if (told.state === 'appending' && begun.length / told.events.length === killAfter) {
      child.kill('SIGKILL');
    }
  }
  await exited;
  return { begun, done };
}

test('an append cut off in the middle loses nothing that was answered and doubles nothing', async () => {
  const dir = join(inject('scratchDir'), 'embedded-crash');
  mkdirSync(dir, { recursive: true });
  for (let round = 0; round < ROUNDS; round += 1) {
    const file = join(dir, `${randomUUID()}.sqlite`);
    const before = await openStore({ kind: 'sqlite', file });
    const sale = await openSale(before);
    await before.close();
    const { begun, done } = await appendUntilKilled({ file, sale });

    const store = await openOnceFree(file);
    const applied = async () => (await store.findActivity(sale.activityId))?.applied;
    expect((await applied())?.seq).toBeGreaterThanOrEqual(done);
    const writer = createBatchWriter({ apply: store.applyRecords });
    const orderLog = createEmbeddedOrderLog({ write: writer.write, ping: store.ping });
    expect(await orderLog.append(begun)).toEqual({ stalled: [] });
    const count = begun.length;
    expect(await applied()).toMatchObject({ seq: count, sold: count, alarm: null });
    expect(await store.summary(sale.activityId)).toMatchObject({ orders: count, sold: count });
    await writer.close();
    await store.close();
  }
});
