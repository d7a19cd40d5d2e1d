// Every check and every write of the money scripts, taken out one at a time, is missed by a fixed
// set of sequences: whoever deletes one sees a test fail.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { loadScript } from '../origin/redis/script.ts';
import {
  MONEY_SCRIPTS,
  type MoneyScripts,
  runSequence,
  type Sequence,
  sequenceOf,
  ulidOf,
} from './money-run.ts';
import { mutationsOf } from './mutations.ts';
import { openOwnDatabase } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openOwnDatabase();
});
afterAll(() => redis.disconnect());

/** What chance does not often make: a user who let two orders expire asks for a third. */
const lapsing: Sequence = {
  terms: { stock: 5, limit: 5, price: 999 },
  steps: [
    ...[0, 1].flatMap((n) => [
      { gate: 'open', call: reserveOne(n) } as const,
      { gate: 'open', call: expireOne(n) } as const,
    ]),
    { gate: 'open', call: reserveOne(2) },
  ],
};
const SEQUENCES = [lapsing, ...fc.sample(sequenceOf, { numRuns: 400, seed: 6 })];
const AT_ONCE = 8;
const TEST_TIMEOUT_MS = 120_000;
const whole: MoneyScripts = {
  load: luaScript('load'),
  reserve: luaScript('reserve'),
  release: luaScript('release'),
  settle: luaScript('settle'),
  void: luaScript('void'),
  adjust: luaScript('adjust'),
  recover: luaScript('recover'),
};

/** Taking these out changes nothing that a caller or a reader could see. A line, or what it becomes,
 *  or `line → what it becomes`. */
const SAME_THING: Partial<Record<(typeof MONEY_SCRIPTS)[number], readonly string[]>> = {
  // What it settles is PENDING, and it frees nobody's count: shared pieces, used by others.
  settle: [
    "if order.status == 'PENDING' then leave_due(KEYS[1], KEYS[6], order.batch) end",
    "redis.call('SET', KEYS[10], whole(math.max(0, left)), 'KEEPTTL')",
  ],
  // Only spare looking for what is not there, and making the same text again; and it asks of stored
  // statuses alone.
  reserve: [
    "if redis.call('EXISTS', unpack(KEYS, first, last)) > 0 then → if true then",
    "elseif true and lapses_of(string.match(line, '%S+$', BEHIND_ULID)) >= MAX_LAPSES then",
    'texts[number] = whole(number)',
    'if field ~= last then → if true then',
    'if not added[field] then → if true then',
  ],
  // It places one order.
  recover: ['if field ~= last then → if true then', 'if not added[field] then → if true then'],
};
const SAME_IN_EACH = [
  // No script leaves a PENDING order whose batch is not due.
  'if true and tonumber(score) % PER_BATCH == 0 then',
  // It only spares looking into batches in vain.
  'if string.find(letters, string.sub(ulid, -2), 1, true) then → if true then',
  // Of the rebuild alone.
  'if places and is_kept then → if true and is_kept then',
  'if places and is_kept then → if false then',
];

function reserveOne(n: number) {
  const purchases = [{ ulid: ulidOf(n), user: 'ann' as const, quantity: 1 }];
  return { kind: 'reserve' as const, purchases };
}

function expireOne(n: number) {
  const how = { from: 'PENDING', reason: 'EXPIRED', lapse: true } as const;
  return { kind: 'release' as const, ulid: ulidOf(n), asWhom: 'owner' as const, ...how };
}

async function isSeen(scripts: MoneyScripts): Promise<boolean> {
  for (let at = 0; at < SEQUENCES.length; at += AT_ONCE) {
    const some = SEQUENCES.slice(at, at + AT_ONCE);
    const results = await Promise.allSettled(
      some.map((sequence) => runSequence(redis, scripts, sequence)),
    );
    if (results.some(({ status }) => status === 'rejected')) return true;
  }
  return false;
}

it('sees nothing wrong with the scripts as they are', async () => {
  expect(await isSeen(whole)).toBe(false);
});

it.each(MONEY_SCRIPTS)(
  'sees each check and each write that is taken out of %s',
  { timeout: TEST_TIMEOUT_MS },
  async (name) => {
    const mutations = mutationsOf(whole[name].source);
    expect(mutations.length).toBeGreaterThan(2);
    const survivors: string[] = [];
    for (const { line, became, source } of mutations) {
      const same = [...SAME_IN_EACH, ...(SAME_THING[name] ?? [])];
      if ([line, became, `${line} → ${became}`].some((text) => same.includes(text))) continue;
      // What does not compile would be seen for the wrong reason.
      await redis.script('LOAD', source);
      const scripts = { ...whole, [name]: loadScript(name, source) };
      if (!(await isSeen(scripts))) survivors.push(`${line}  →  ${became}`);
    }
    expect(survivors).toEqual([]);
  },
);
