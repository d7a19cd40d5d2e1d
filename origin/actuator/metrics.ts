// Every metric of the origin. Label sets are closed: no user, order or address ever stands in one;
// `sku` stands on gauges of live activities only and goes with them.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EdgeEvent } from '../../shared/edge-events.ts';
import type { RefusalKind } from '../../shared/refusal.ts';
import type { FunnelStage } from '../../shared/words.ts';
import { FUNNEL_STAGES } from '../../shared/words.ts';
import type { Job } from '../leadership/leadership.ts';
import { JOBS } from '../leadership/leadership.ts';

export type LoadOutcomeLabel = 'loaded' | 'occupied' | 'unverified';
export type FenceState = 'open' | 'closed';

export interface Metrics {
  readonly registry: Registry;
  /** People who got to a stage. */
  funnel(stage: FunnelStage, count?: number): void;
  refused(kind: RefusalKind): void;
  /** What edges counted of themselves: a lower bound. */
  edgeEvent(event: EdgeEvent, count: number): void;
  reserveBatch(batch: { readonly size: number; readonly seconds: number }): void;
  /** Events that the relay handed to the order log, acknowledged. */
  relayed(events: number): void;
  writerBatch(batch: { readonly rows: number; readonly seconds: number }): void;
  deadLettered(records: number): void;
  /** Records known to this instance that are not in the database yet. */
  lag(records: number): void;
  loaded(outcome: LoadOutcomeLabel): void;
  fence(skuId: string, state: FenceState): void;
  line(skuId: string, facts: { readonly waiting: number; readonly stock: number }): void;
  /** Removes a SKU's gauges when its activity is not live any more. */
  forgetSku(skuId: string): void;
  /** The terms of the jobs that this instance leads; 0 for the others. */
  leads(leads: readonly { readonly job: Job; readonly term: number }[]): void;
  /** A step of a job that failed and is tried again. */
  failed(work: FailedWork): void;
}

/** What may fail and is tried again or made up for; nothing of it is swallowed uncounted. */
export const FAILED_WORK = [
  'registry',
  'adjust',
  'close',
  'load',
  'draw',
  'line',
  'rebuild',
  'watcher',
  'payments',
  'expiry',
  'origins',
  'settings',
  'relay',
  'writer',
  'dedup',
  'dead-letter-copy',
  'redis',
  'leadership',
] as const;
export type FailedWork = (typeof FAILED_WORK)[number];

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];
const ROW_COUNTS = [1, 10, 50, 100, 250, 500, 1_000];
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { funnel, refusals, edgeEvents, relayed, deadLetters, loads, failures } =
    createCounters(registry);
  const { fence, waiting, stock, term, lag } = createGauges(registry);
  const reserve = createBatchHistograms(registry, { name: 'reserve', buckets: BATCH_SIZES });
  const writer = createBatchHistograms(registry, { name: 'writer', buckets: ROW_COUNTS });
  for (const stage of FUNNEL_STAGES) funnel.inc({ stage }, 0);
  for (const work of FAILED_WORK) failures.inc({ work }, 0);
  for (const job of JOBS) term.set({ job }, 0);
  return {
    registry,
    funnel: (stage, count = 1) => funnel.inc({ stage }, count),
    refused: (kind) => refusals.inc({ kind }),
    edgeEvent: (event, count) => edgeEvents.inc({ event }, count),
    reserveBatch: ({ size, seconds }) => reserve.observe(size, seconds),
    relayed: (events) => relayed.inc(events),
    writerBatch: ({ rows, seconds }) => writer.observe(rows, seconds),
    deadLettered: (records) => deadLetters.inc(records),
    lag: (records) => lag.set(records),
    loaded: (outcome) => loads.inc({ outcome }),
    fence: (sku, state) => fence.set({ sku }, state === 'closed' ? 1 : 0),
    line(sku, facts) {
      waiting.set({ sku }, facts.waiting);
      stock.set({ sku }, facts.stock);
    },
    forgetSku(sku) {
      for (const gauge of [fence, waiting, stock]) gauge.remove({ sku });
    },
    leads(leads) {
      for (const job of JOBS) {
        term.set({ job }, leads.find((lead) => lead.job === job)?.term ?? 0);
      }
    },
    failed: (work) => failures.inc({ work }),
  };
}

function createCounters(register: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `seckill_${name}_total`, help, labelNames, registers: [register] });
  return {
    funnel: counter('funnel', 'People who got to a stage of a purchase.', ['stage']),
    refusals: counter('refusals', 'Refusals of the origin by kind.', ['kind']),
    edgeEvents: counter('edge_events', 'Events that edges counted, at least.', ['event']),
    relayed: counter('relayed_events', 'Order events that the order log acknowledged.', []),
    deadLetters: counter('dead_letters', 'Records that could not be written.', []),
    loads: counter('loads', 'Activities put into the inventory Redis, by outcome.', ['outcome']),
    failures: counter('failures', 'Work that failed and is tried again.', ['work']),
  };
}

function createGauges(register: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `seckill_${name}`, help, labelNames, registers: [register] });
  return {
    fence: gauge('fence_closed', '1 while selling is stopped for a rebuild.', ['sku']),
    waiting: gauge('line_waiting', 'People in line.', ['sku']),
    lag: gauge('writer_lag', 'Records known here that are not in the database yet.', []),
    stock: gauge('stock', 'Units left to reserve.', ['sku']),
    term: gauge('leader_term', 'Term of a job led by this instance, else 0.', ['job']),
  };
}

function createBatchHistograms(
  register: Registry,
  { name, buckets }: { readonly name: 'reserve' | 'writer'; readonly buckets: number[] },
) {
  const sizes = new Histogram({
    name: `seckill_${name}_batch_size`,
    help: 'Purchases or rows that went together.',
    buckets,
    registers: [register],
  });
  const seconds = new Histogram({
    name: `seckill_${name}_seconds`,
    help: 'From the call for a batch to its answer.',
    buckets: SECONDS,
    registers: [register],
  });
  return {
    observe(size: number, elapsedSeconds: number): void {
      sizes.observe(size);
      seconds.observe(elapsedSeconds);
    },
  };
}
