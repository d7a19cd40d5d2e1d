// One origin's worth of buyers: a connection and a reserver of its own, as an origin has them, and
// many purchases in flight. Says `ready`, waits for a line, and says what it was told.
import { once } from 'node:events';
import { packOrder } from '../../origin/orders/packed-order.ts';
import { connectInventory } from '../../origin/redis/inventory-link.ts';
import { luaScript } from '../../origin/redis/lua.ts';
import { createReserver, type ReserveOutcome } from '../../origin/reserve/reserver.ts';
import { createSeenSequences } from '../../origin/reserve/seen.ts';
import { activityOf } from '../bench/activity.ts';
import { type Attempt, attemptAt } from './attempts.ts';
import { parseAssignment, type Told } from './messages.ts';

const IN_FLIGHT = 64;
/** What has no final answer is asked again, as buyers do. */
const MOST_TRIES = 20;

const { redis, sale, crowd, attempts, origin, origins } = parseAssignment(process.argv[2] ?? '');
const link = await connectInventory({ ...redis, name: 'rush', commandTimeoutMs: 10_000 });
const activity = { ...activityOf(sale), activityId: sale.activityId };
const reserver = createReserver({
  link,
  registry: { byId: (id) => (id === activity.activityId ? activity : undefined) },
  script: luaScript('reserve'),
  seen: createSeenSequences(),
  userKey: (userId) => userId,
  onDistrust: (_activity, reason) => process.stderr.write(`distrusted: ${reason}\n`),
  onBatch: () => undefined,
  onError: (error) => process.stderr.write(`${error}\n`),
});

const answers = new Map<string, number>();
const reserved: string[] = [];
const facts = new Map<string, Set<string>>();
let lastSoldAt = 0;

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const beganAt = Date.now();
let next = origin;
async function buyer(): Promise<void> {
  while (next < attempts) {
    const attempt = attemptAt(crowd, next);
    next += origins;
    note(attempt, await insist(attempt));
  }
}
await Promise.all(Array.from({ length: IN_FLIGHT }, buyer));
const told: Told = {
  ...{ beganAt, endedAt: Date.now(), lastSoldAt, reserved },
  answers: Object.fromEntries(answers),
  facts: Object.fromEntries([...facts].map(([ulid, texts]) => [ulid, [...texts]])),
};
link.close();
process.stdin.destroy();
process.stdout.write(`${JSON.stringify(told)}\n`);

async function insist(attempt: Attempt): Promise<ReserveOutcome> {
  const purchase = { ...attempt, activityId: activity.activityId, traceparent: undefined };
  let outcome = await reserver.reserve(purchase);
  for (let tries = 1; tries < MOST_TRIES && !isFinal(outcome); tries += 1) {
    count(`${outcome.kind} (asked again)`);
    outcome = await reserver.reserve(purchase);
  }
  return outcome;
}

function isFinal({ kind }: ReserveOutcome): boolean {
  return kind !== 'away' && kind !== 'ambiguous' && kind !== 'busy';
}

function note({ ulid }: Attempt, outcome: ReserveOutcome): void {
  count(outcome.kind);
  if (outcome.kind !== 'reserved' && outcome.kind !== 'known') return;
  if (outcome.kind === 'reserved') {
    reserved.push(ulid);
    lastSoldAt = Date.now();
  }
  const texts = facts.get(ulid) ?? new Set();
  facts.set(ulid, texts.add(packOrder(outcome.order)));
}

function count(answer: string): void {
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
}
