// Whether a rush came out exact: what buyers were told, what Redis holds and what the database holds
// must be one and the same sale.
import { LIMIT_PER_USER } from './attempts.ts';
import type { Told } from './messages.ts';

export interface Row {
  readonly orderId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly status: string;
  readonly seq: number;
}

export interface Evidence {
  readonly skuId: string;
  readonly attempts: number;
  readonly units: number;
  readonly told: readonly Told[];
  readonly rows: readonly Row[];
  readonly deadLetters: number;
  readonly alarm: string | null;
  readonly redis: {
    readonly stock: number;
    readonly sold: number;
    readonly sequence: number;
    readonly outboxEntries: number;
    readonly userCounts: ReadonlyMap<string, number>;
  };
}

export interface Check {
  readonly id: string;
  readonly detail: string;
  readonly held: boolean;
}

export function judge(evidence: Evidence): Check[] {
  const { skuId, attempts, units, told, rows, redis } = evidence;
  const answered = sum(told.flatMap(({ answers }) => Object.entries(answers).map(finalCount)));
  const reserved = told.flatMap((one) => one.reserved);
  const orderIds = new Set(rows.map(({ orderId }) => orderId));
  const ofUsers = unitsByUser(rows);
  const inRows = sum(rows.map(({ quantity }) => quantity));
  const inCounts = sum([...redis.userCounts.values()]);
  const differing = [...factsByOrder(told).values()].filter((texts) => texts.size > 1).length;
  const unwritten = reserved.filter((ulid) => !orderIds.has(`${skuId}-${ulid}`)).length;
  const numbers = new Set(rows.map(({ seq }) => seq));
  const above = [...ofUsers.values()].filter((count) => count > LIMIT_PER_USER).length;
  const apart = [...ofUsers].filter(([user, count]) => redis.userCounts.get(user) !== count).length;
  const check = (id: string, detail: string, held: boolean): Check => ({ id, detail, held });
  return [
    check('answered', `${answered} of ${attempts} attempts were decided`, answered === attempts),
    check(
      'sold-exactly',
      `${redis.sold} of ${units} units sold in Redis, ${redis.stock} left, ${inRows} in rows`,
      redis.sold === units && redis.stock === 0 && inRows === units,
    ),
    check(
      'no-duplicates',
      `${rows.length} rows, ${orderIds.size} order ids, ${numbers.size} numbers up to ${redis.sequence}`,
      [orderIds.size, numbers.size, redis.sequence].every((count) => count === rows.length) &&
        rows.every(({ seq }) => seq >= 1 && seq <= redis.sequence),
    ),
    check(
      'told-once',
      `${reserved.length} times reserved, ${new Set(reserved).size} orders, ${unwritten} without a row`,
      reserved.length === rows.length && new Set(reserved).size === rows.length && unwritten === 0,
    ),
    check('told-the-same', `${differing} orders were told in two ways`, differing === 0),
    check('limit-per-user', `${above} users above ${LIMIT_PER_USER}`, above === 0),
    check(
      'user-counts',
      `${inCounts} units counted for users, ${apart} users counted otherwise than in rows`,
      inCounts === units && apart === 0 && redis.userCounts.size === ofUsers.size,
    ),
    check(
      'all-written',
      `${redis.outboxEntries} entries in the outbox, ${evidence.deadLetters} dead letters, alarm ${evidence.alarm ?? 'none'}`,
      redis.outboxEntries === 0 && evidence.deadLetters === 0 && evidence.alarm === null,
    ),
  ];
}

const UNDECIDED = ['away', 'ambiguous', 'busy', 'fenced', 'not-loaded'];

/** Only what ends an attempt counts, and only a decision ends one. */
const finalCount = ([answer, count]: [string, number]): number =>
  answer.endsWith('(asked again)') || UNDECIDED.includes(answer) ? 0 : count;

function factsByOrder(told: readonly Told[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const [ulid, texts] of told.flatMap(({ facts }) => Object.entries(facts))) {
    const known = all.get(ulid) ?? new Set();
    for (const text of texts) known.add(text);
    all.set(ulid, known);
  }
  return all;
}

function unitsByUser(rows: readonly Row[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { userId, quantity, status } of rows) {
    if (status !== 'CANCELLED') units.set(userId, (units.get(userId) ?? 0) + quantity);
  }
  return units;
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
