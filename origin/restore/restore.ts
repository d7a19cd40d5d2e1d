// A database that was put back from a backup, made to say again what Redis and the order log know:
// fences closed, no epoch or term given out twice, the log read again from its oldest record. The
// rest is the ordinary start: the writer applies the log, then each activity is rebuilt.
import { inventoryKeys } from '../../shared/keys.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import type { ServedActivity } from './facts.ts';
import { type FindPayments, type FoundPayments, findPayments } from './find-payments.ts';
import { gatherLogFacts, type LogFacts } from './log-facts.ts';
import { type Found, planRestore } from './plan.ts';
import { readServed, type ServingRedis } from './served.ts';
import { termsOfLost } from './terms-of-lost.ts';
import { compareOrders, writeBack } from './write-back.ts';

/** The order log, where there is one beside the outbox. */
export interface RestoreLog {
  read(take: LogFacts['take']): Promise<{ readonly records: number }>;
  /** Whether no writer reads it: rewinding needs that. */
  writers(): Promise<'idle' | string>;
  rewind(): Promise<{ readonly kind: 'rewound' } | { readonly kind: 'group-running' }>;
}

export interface RestoreOptions extends FindPayments {
  readonly store: Store;
  readonly redis: ServingRedis;
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  /** Undefined on the embedded stack. */
  readonly log: RestoreLog | undefined;
  /** `lua/close-fence.lua`. */
  readonly closeFence: Script;
  readonly jobs: readonly string[];
}

export interface Restored {
  /**
   * `whole`: nothing to do. `lacking`: a dry run found something. `readied`: start the origins.
   * `partly`: readied, and something is left that the report names. `running`: a writer runs;
   * nothing was done.
   */
  readonly kind: 'whole' | 'lacking' | 'readied' | 'partly' | 'running';
  readonly source: 'order-log' | 'redis';
  /** Read in the log. */
  readonly records: number;
  readonly activities: readonly Found[];
  readonly payments: FoundPayments;
  /** Of leaders, on the embedded stack: below what stands in Redis they could do nothing there. */
  readonly terms: 'kept' | 'went-back';
}

/** No origin may run. Rejects when something needed is away; safe to repeat at any point. */
export async function restoreCheck(
  options: RestoreOptions,
  mode: 'dry-run' | 'apply',
): Promise<Restored> {
  const { log, store } = options;
  const source = log === undefined ? 'redis' : 'order-log';
  const seen = await look(options);
  const terms = await termsSince(options, seen);
  const report = { source, records: seen.records, activities: seen.found, terms } as const;
  const lacking = seen.found.filter(({ finding }) => finding !== 'whole');
  const payments = await findPayments(options, seen.paid, 'dry-run');
  if (lacking.length === 0 && terms === 'kept') return { ...report, kind: 'whole', payments };
  if (mode === 'dry-run') return { ...report, kind: 'lacking', payments };
  if (log !== undefined && (await log.writers()) !== 'idle') {
    return { ...report, kind: 'running', payments };
  }
  // Who is over makes room for who came after it.
  for (const found of seen.found.filter(isOver)) await readmit(options, seen, found);
  const isLeft = await insertUnknown(options, seen);
  const known = await look(options, seen);
  for (const found of known.found) await readmit(options, known, found);
  if (log === undefined) await store.raiseTerms({ jobs: options.jobs, least: highestTerm(seen) });
  else if ((await log.rewind()).kind === 'group-running') {
    return { ...report, kind: 'running', payments };
  }
  const again = await findPayments(options, seen.paid, 'apply');
  const activities = known.found;
  const isCut = activities.some(({ notes }) => notes.length > 0) || again.unasked > 0;
  return { ...report, activities, kind: isLeft || isCut ? 'partly' : 'readied', payments: again };
}

const isOver = ({ finding }: Found): boolean => finding === 'over';

interface Seen {
  readonly rows: readonly ActivityRow[];
  readonly served: readonly ServedActivity[];
  readonly log: LogFacts | undefined;
  readonly records: number;
  readonly found: readonly Found[];
  readonly paid: ReadonlySet<string>;
}

/** `before`: what was read of the log and of Redis already; only the database is asked again. */
async function look(options: RestoreOptions, before?: Seen): Promise<Seen> {
  const { store } = options;
  const rows = new Map<string, ActivityRow>();
  for (const row of await store.liveActivities()) rows.set(row.activityId, row);
  const appliedOf = (activityId: string) => {
    const row = rows.get(activityId);
    return row === undefined || row.state === 'SCHEDULED' ? undefined : row.applied;
  };
  const served = before?.served ?? (await readServed(options.redis));
  const log = before?.log ?? (options.log && gatherLogFacts(appliedOf));
  const read = before ?? (log && (await options.log?.read(log.take)));
  for (const { activityId } of [...served, ...(log?.activities() ?? [])]) {
    const row = rows.has(activityId) ? undefined : await store.findActivity(activityId);
    if (row !== undefined) rows.set(activityId, row);
  }
  const lastOf = (skuId: string) => log?.lastOf(skuId);
  const logged = log?.activities();
  const found = planRestore({ rows: [...rows.values()], logged, served, lastOf });
  const seen = { rows: [...rows.values()], served, log, records: read?.records ?? 0, found };
  const inRedis = before?.paid ?? (await paidInRedis(options, seen));
  const paid = new Set([...inRedis, ...(log?.paid() ?? [])]);
  return { ...seen, paid };
}

/** Orders that Redis has PAID and the database has not, where Redis is what tells of them. */
async function paidInRedis(
  { store, link }: RestoreOptions,
  { served, found }: Omit<Seen, 'paid'>,
): Promise<ReadonlySet<string>> {
  const paid = new Set<string>();
  for (const one of served) {
    const known = found.find(({ activityId }) => activityId === one.activityId);
    if (known === undefined || known.finding === 'whole' || known.source === 'log') continue;
    const compared = await compareOrders({ store, inventory: link.redis, served: one });
    for (const orderId of compared.paid) paid.add(orderId);
  }
  return paid;
}

/** Activities made behind the backup get a row; true when one cannot have any. */
async function insertUnknown(
  { store, now }: RestoreOptions,
  { found, served, log }: Seen,
): Promise<boolean> {
  let isLeft = false;
  for (const { activityId } of found.filter(({ finding }) => finding === 'unknown')) {
    const terms = termsOfLost({
      log: log?.activities().find((one) => one.activityId === activityId),
      redis: served.find((one) => one.activityId === activityId),
    });
    const inserted =
      terms.kind === 'terms'
        ? await store.insertActivity({ activityId, terms: terms.terms, now: now() })
        : undefined;
    if (inserted?.kind !== 'inserted') isLeft = true;
  }
  return isLeft;
}

async function readmit(options: RestoreOptions, seen: Seen, found: Found): Promise<void> {
  const { store, link, now } = options;
  const wanted = found.readmit;
  if (wanted === undefined) return;
  const served = seen.served.find(({ activityId }) => activityId === found.activityId);
  if (served !== undefined) await closeFence(options, served, wanted.knownEpoch + 1);
  await store.readmitActivity({ ...wanted, now: now() });
  if (found.source === 'log' || served === undefined) return;
  const currency = served.texts.currency ?? '';
  const epoch = wanted.knownEpoch + 1;
  const from = { store, inventory: link.redis, served };
  await writeBack(from, { epoch, currency, now: now() });
  await store.readmitActivity({ ...wanted, knownEpoch: epoch, now: now() });
}

/** Term 0 is below every leader's: whoever rebuilds takes over from it. */
async function closeFence(
  { link, closeFence }: RestoreOptions,
  { activityId, skuId }: ServedActivity,
  epoch: number,
): Promise<void> {
  const runId = link.runId(skuId);
  if (runId === undefined) throw new Error('Redis went away');
  const key = inventoryKeys.activity(skuId);
  await closeFence.run(link.redis, [key], [activityId, 0, epoch, runId]);
}

const highestTerm = ({ served }: Seen): number =>
  Math.max(0, ...served.flatMap(({ terms }) => [terms.rebuild, terms.line]));

/** With etcd the database gives out none. */
async function termsSince(
  { store, log }: RestoreOptions,
  { served }: Seen,
): Promise<Restored['terms']> {
  if (log !== undefined) return 'kept';
  for (const job of ['rebuild', 'line'] as const) {
    const standing = Math.max(0, ...served.map(({ terms }) => terms[job]));
    if (standing > (await store.lastTerm(job))) return 'went-back';
  }
  return 'kept';
}
