// A sale with a draw, as the contract promises it, for any stack: entries, the start, and the check
// by anybody.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { ROOT } from '../stack/places.ts';
import type { Stack } from '../stack/stack.ts';
import { decided, tokenOf, until } from './client.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const PEOPLE = 20;
const CAPACITY = 4;
/** Whoever comes within four seconds after the start still stands behind all entries. */
const RATE = 4;
const LEAD_MS = 5_000;

interface Upcoming {
  readonly skuId: string;
  readonly leadMs: number;
}

async function openDraw(stack: Stack, { skuId, leadMs }: Upcoming): Promise<void> {
  const token = await tokenOf(stack.edge, 'an-admin', 'admin');
  const now = Date.now();
  const time = (ms: number) => new Date(ms).toISOString();
  const body = {
    ...{ skuId, stock: 100, price: 500, draw: {} },
    ...{ ratePerSecond: RATE, capacity: CAPACITY, challengeAt: 100, denyAt: 100 },
    ...{ entryOpensAt: time(now - 1_000), startAt: time(now + leadMs) },
    endAt: time(now + 600_000),
  };
  const made = await send(`${stack.edge}/api/activities`, { token, body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
}

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? { ...value } : {};

async function verify(...args: string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(ROOT, 'origin/cli/cli.ts'),
      'verify-draw',
      ...args,
    ]);
    return { code: 0, out: stdout };
  } catch (error) {
    return { code: Number(members(error).code), out: String(members(error).stdout) };
  }
}

export function itDrawsAsPromised(stackOf: () => Stack): void {
  test('entries get places at the start that anybody can check, latecomers stand behind', async () => {
    const stack = stackOf();
    const skuId = freshName('lamp');
    const saleUrl = `${stack.edge}/api/sales/${skuId}`;
    const sale = async () => members((await send(saleUrl)).body);
    const come = async (name: string) => {
      const token = await tokenOf(stack.edge, `${name}-${skuId}`);
      const press = (body: object = {}): Promise<Answer> =>
        decided(() => send(`${stack.edge}/api/seckill/${skuId}`, { token, body }));
      return { press, ticket: '', entry: members(undefined) };
    };
    const preparingAt = Date.now();
    const names = Array.from({ length: PEOPLE }, (_, index) => `person-${index}`);
    const [latecomer, ...people] = await Promise.all(['late', ...names].map(come));
    // A machine that needs long for that needs long for their entries, too.
    await openDraw(stack, { skuId, leadMs: LEAD_MS + Date.now() - preparingAt });
    const first = await until(async () => {
      const answer = await people[0]?.press();
      return answer?.status === 202 ? answer : undefined;
    });
    expect(first.body).toMatchObject({ state: 'PRE_QUEUE', entry: { index: 0 } });
    for (const person of people) {
      const answer = await person.press();
      expect([answer.status, answer.body.state]).toEqual([202, 'PRE_QUEUE']);
      person.ticket = String(answer.body.ticket);
      person.entry = members(answer.body.entry);
    }
    expect(people.map(({ entry }) => entry.index)).toEqual([...people.keys()]);
    const before = members((await sale()).draw);
    expect(Object.keys(before).sort()).toEqual(['commitment', 'entries']);
    const poll = async (ticket: string) =>
      (await send(`${stack.edge}/api/seckill/queue/${ticket}`)).body;
    expect(await poll(people[1]?.ticket ?? '')).toMatchObject({ state: 'PRE_QUEUE' });

    const after = await until(async () => {
      const { draw } = await sale();
      return members(draw).root === undefined ? undefined : members(draw);
    });
    expect(after).toMatchObject({ commitment: before.commitment, entries: PEOPLE });
    const late = await latecomer?.press();
    expect(late?.body).toMatchObject({ state: 'QUEUED' });
    const polled = await Promise.all(people.map(({ ticket }) => poll(ticket)));
    expect(polled.filter(({ state }) => state === 'READY').length).toBeGreaterThanOrEqual(CAPACITY);
    const orderIds = new Map<(typeof people)[number], unknown>();
    await until(async () => {
      for (const person of people.filter((one) => !orderIds.has(one))) {
        const answer = await person.press({ ticket: person.ticket });
        if (answer.status === 201) orderIds.set(person, answer.body.orderId);
      }
      return orderIds.size === PEOPLE || undefined;
    }, 30_000);
    expect(new Set(orderIds.values()).size).toBe(PEOPLE);

    const receipt = String(people[7]?.entry.receipt);
    const commitment = String(before.commitment);
    const checked = await verify(saleUrl, '--entry', receipt, '--commitment', commitment);
    expect(checked.out).toContain('entry 7 has place');
    expect(checked.code).toBe(0);
    const list = (await send(`${saleUrl}/draw`)).body;
    const file = join(inject('scratchDir'), `${freshName('list')}.json`);
    writeFileSync(file, JSON.stringify({ ...list, leaves: [...[list.leaves].flat()].reverse() }));
    const broken = await verify(file);
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/BROKEN {2}root/)]);
    expect((await send(`${saleUrl}/draw?from=x`)).status).toBe(404);
  });
}
