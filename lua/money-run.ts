// Runs any sequence of calls to the scripts that touch units, each against the model, and compares
// what is left behind: promises never-oversold, limit-per-user, nothing-leaked and
// repeats-change-nothing, on one Redis.
import fc from 'fast-check';
import { orderKeys, stockKeys } from '../origin/inventory/stock-keys.ts';
import type { Redis } from '../origin/redis/client.ts';
import type { Script } from '../origin/redis/script.ts';
import { reserveCall } from '../origin/reserve/reserve-call.ts';
import { fullAnswers } from './full-answers.ts';
import { GATE_WORDS, gate, HALF_WORDS, shut, WINDOW_WORDS } from './money-gates.ts';
import { expectAsModel } from './money-left.ts';
import { MoneyModel, type Sale } from './money-model.ts';
import { newSku, RATHER_LONG_MS, redisNow } from './real-redis.ts';

export const MONEY_SCRIPTS = [
  'load',
  'reserve',
  'release',
  'settle',
  'void',
  'adjust',
  'recover',
] as const;
export type MoneyScripts = Readonly<Record<(typeof MONEY_SCRIPTS)[number], Script>>;

/** All of one millisecond, and alike in the letters that tell orders of one apart. */
export const ulidOf = (n: number): string => `01${String(n).padStart(22, '0')}AA`;
const ULIDS = Array.from({ length: 9 }, (_, n) => ulidOf(n));
const WINDOW_MS = 60_000;
const ACTIVITY = 'act';
const ulid = fc.constantFrom(...ULIDS);
const user = fc.constantFrom('ann', 'bob', 'd|d@x.y:1');
const quantity = fc.integer({ min: 1, max: 4 });
/** Mostly the order's own user. */
const asWhom = fc.constantFrom('owner', 'owner', 'ann');
const purchase = fc.record({ ulid, user, quantity });
const reason = fc.constantFrom('EXPIRED', 'CANCELLED_BY_BUYER', 'REFUNDED' as const);
const from = fc.constantFrom('PENDING', 'PENDING', 'PAID');
const call = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reserve'),
      purchases: fc.array(purchase, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{
        kind: fc.constant('release'),
        ulid,
        asWhom,
        reason,
        from,
        lapse: fc.constantFrom(true, true, false),
      },
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle'), ulid, asWhom }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('void'), ulid, asWhom, reason },
      from: fc.constantFrom(['PAID'], ['PENDING', 'PAID']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('adjust'), total: fc.nat(14) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: fc.constant('recover'), ulid, asWhom, user, quantity, isLate: fc.boolean() },
      as: fc.constantFrom('PENDING', 'PAID' as const),
      receiptEpoch: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('load') }) },
);
export const sequenceOf = fc.record({
  terms: fc.record({
    stock: fc.integer({ min: 1, max: 9 }),
    limit: fc.integer({ min: 1, max: 5 }),
    price: fc.constantFrom(0, 999, 10 ** 12),
  }),
  steps: fc.array(fc.record({ gate, call }), { minLength: 1, maxLength: 40, size: 'max' }),
});
export type Sequence = typeof sequenceOf extends fc.Arbitrary<infer Value> ? Value : never;
type Step = Sequence['steps'][number];

/** Rejects where a script does anything but what the model does. */
export async function runSequence(
  redis: Redis,
  scripts: MoneyScripts,
  { terms, steps }: Sequence,
): Promise<void> {
  const skuId = newSku();
  const model = new MoneyModel(terms);
  const sale = { redis, skuId, activityId: ACTIVITY, windowMs: WINDOW_MS, model };
  try {
    const now = await redisNow(redis);
    expectSame(await loadInto(sale, scripts, { now }), 'loaded');
    for (const step of steps) await take(sale, scripts, { step, now });
    await expectAsModel(sale);
  } finally {
    const keys = await redis.keys(`*{${skuId}}*`);
    if (keys.length > 0) await redis.unlink(keys);
  }
}

function loadInto(
  { redis, skuId, model }: Sale,
  { load }: MoneyScripts,
  { now, head = [ACTIVITY, 1] }: { now: number; head?: readonly (string | number)[] },
) {
  const { stock, limit, price } = model.terms;
  const times = [now - 1_000, now + RATHER_LONG_MS];
  const rest = [limit, price, 'USD', WINDOW_MS, now + 2 * RATHER_LONG_MS];
  return load.run(redis, stockKeys(skuId), [...head.slice(0, 2), stock, ...times, ...rest]);
}

async function take(
  sale: Sale,
  scripts: MoneyScripts,
  { step, now }: { readonly step: Step; readonly now: number },
): Promise<void> {
  const { call, gate } = step;
  const isChange = call.kind === 'settle' || call.kind === 'release' || call.kind === 'void';
  const undo = await shut(sale, { gate, now, ulid: isChange ? call.ulid : undefined });
  const head = [
    step.gate === 'other' ? 'another' : ACTIVITY,
    step.gate === 'stale' ? 2 : 1,
    sale.model.seq + (step.gate === 'behind' ? 1 : 0),
  ];
  const word = GATE_WORDS[gate] ?? (isChange ? HALF_WORDS[gate] : undefined);
  const answers = await ask(sale, scripts, { step, head, now });
  await undo();
  expectSame(answers.map(withoutTimes), expected(sale.model, step, word));
}

function userOf(model: MoneyModel, { ulid, asWhom }: { ulid: string; asWhom: string }): string {
  return asWhom === 'owner' ? (model.orders.get(ulid)?.user ?? 'ann') : asWhom;
}

/** What the script was asked and said; `head` is what every call begins with. */
async function ask(
  sale: Sale,
  scripts: MoneyScripts,
  { step, head, now }: { step: Step; head: (string | number)[]; now: number },
): Promise<string[]> {
  const { redis, skuId, model } = sale;
  const { call } = step;
  const keys = stockKeys(skuId);
  const run = async (script: Script, who: string, args: (string | number)[]) => {
    const parts = { skuId, ulid: 'ulid' in call ? call.ulid : '' };
    const all = [...head, parts.ulid, who, ...args];
    return [String(await script.run(redis, [...keys, ...orderKeys(parts, who)], all))];
  };
  switch (call.kind) {
    case 'load':
      return [String(await loadInto(sale, scripts, { now, head }))];
    case 'reserve': {
      const [activityId = '', epoch = 0, seen = 0] = head;
      const terms = { activityId: String(activityId), epoch: Number(epoch), seen: Number(seen) };
      const wanted = call.purchases.map(({ user, ...rest }) => ({ userId: user, ...rest }));
      const hasRoom = step.gate !== 'busy';
      const of = reserveCall({ skuId, hasRoom, ...terms }, wanted, (userId) => userId);
      return fullAnswers(await scripts.reserve.run(redis, of.keys, of.args), call.purchases);
    }
    case 'release': {
      const args = [call.from, call.reason, call.lapse ? 1 : 0];
      return await run(scripts.release, userOf(model, call), args);
    }
    case 'void':
      return await run(scripts.void, userOf(model, call), [call.reason, ...call.from]);
    case 'settle':
      return await run(scripts.settle, userOf(model, call), []);
    case 'adjust':
      return [String(await scripts.adjust.run(redis, keys.slice(0, 5), [...head, call.total]))];
    case 'recover': {
      const created = call.isLate ? now - WINDOW_MS - 1_000 : now - 1_000;
      const who = model.orders.has(call.ulid) ? userOf(model, call) : call.user;
      const args = [call.as, call.quantity, created, call.receiptEpoch];
      return await run(scripts.recover, who, args);
    }
  }
}

function expected(model: MoneyModel, { gate, call }: Step, word: string | undefined): string[] {
  if (call.kind === 'load') {
    const isOther = ['gone', 'stock-missing', 'other', 'stale'].includes(gate);
    return [isOther ? 'occupied' : 'loaded'];
  }
  if (call.kind === 'reserve') {
    const no = word ?? WINDOW_WORDS[gate];
    const answers = call.purchases.map((one) =>
      model.reserve(one.ulid, one.user, one.quantity, no),
    );
    const seq = gate === 'seq-missing' ? 0 : model.seq;
    return [String(seq), ...answers];
  }
  if (word !== undefined) return [word];
  switch (call.kind) {
    case 'release':
      return [model.release(call.ulid, userOf(model, call), call)];
    case 'void':
      return [model.void(call.ulid, userOf(model, call), call)];
    case 'settle':
      return [model.settle(call.ulid, userOf(model, call))];
    case 'adjust':
      return [model.adjust(call.total)];
    case 'recover': {
      const who = model.orders.has(call.ulid) ? userOf(model, call) : call.user;
      return [model.recover({ ...call, user: who })];
    }
  }
}

const withoutTimes = (answer: string): string =>
  answer.replace(/(\S+ \d+ \d+) \d{10,} \d{10,} (\d+ \d+)$/, '$1 $2');

function expectSame(found: unknown, wanted: unknown): void {
  const [one, two] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== two) throw new Error(`answered ${one}, wanted ${two}`);
}
