// Reserves stock for purchases, many in one script call: what arrives within one turn of the event
// loop goes together, at most 64, never waiting for more. With `appendfsync always` the batch is a
// group commit too.
import type { ActivityRegistry } from '../activities/registry.ts';
import { hasNotRun, isOutOfMemory } from '../redis/has-not-run.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import {
  type Asked,
  type NumberedText,
  parseReserveAnswer,
  parseReserveReply,
  type ReserveAnswer,
} from './answer.ts';
import { reserveCall } from './reserve-call.ts';
import type { SeenSequences } from './seen.ts';

export interface Purchase {
  readonly activityId: string;
  readonly ulid: string;
  readonly userId: string;
  readonly quantity: number;
  readonly traceparent: string | undefined;
}

export type ReserveOutcome =
  | ReserveAnswer
  /** Redis cannot be asked, and was not. */
  | { readonly kind: 'away' }
  /** Redis was asked and did not answer: the order may exist. Safe to repeat. */
  | { readonly kind: 'ambiguous' };

export interface ReserverOptions {
  readonly link: InventoryLink;
  readonly registry: Pick<ActivityRegistry, 'byId'>;
  readonly script: Script;
  readonly seen: SeenSequences;
  readonly userKey: (userId: string) => string;
  /** Whether Redis has room for an activity's new orders; without it they are `busy`. */
  readonly hasRoom?: (activityId: string) => boolean;
  /** Whether what Redis has answered is as durable as configured. */
  readonly isDurable?: (skuId: string) => Promise<boolean>;
  /** Hears that an activity's data cannot be trusted. */
  readonly onDistrust: (activity: ActivityRow, reason: string) => void;
  /** Hears the size of each batch and how long its answer took. */
  readonly onBatch: (batch: { readonly size: number; readonly seconds: number }) => void;
  /** Hears what Redis answered instead of a decision. */
  readonly onError: (error: unknown) => void;
}

interface Waiting {
  readonly purchase: Purchase;
  readonly resolve: (outcome: ReserveOutcome) => void;
}

const MAX_BATCH = 64;
const MAX_IN_FLIGHT = 8_192;
const always = () => true;

export interface Reserver {
  reserve(purchase: Purchase): Promise<ReserveOutcome>;
}

export function createReserver(options: ReserverOptions): Reserver {
  const queues = new Map<string, Waiting[]>();
  let isScheduled = false;
  let inFlight = 0;

  function flush(): void {
    isScheduled = false;
    for (const [activityId, queue] of queues) {
      for (let start = 0; start < queue.length; start += MAX_BATCH) {
        const batch = queue.slice(start, start + MAX_BATCH);
        void settle(batch, decide(options, activityId, batch));
      }
    }
    queues.clear();
  }

  async function settle(batch: Waiting[], decided: Promise<ReserveOutcome[]>): Promise<void> {
    const outcomes = await decided.catch((error: unknown): ReserveOutcome[] => {
      options.onError(error);
      return [];
    });
    inFlight -= batch.length;
    for (const [index, { resolve }] of batch.entries()) {
      resolve(outcomes[index] ?? { kind: 'ambiguous' });
    }
  }

  return {
    reserve(purchase) {
      if (inFlight >= MAX_IN_FLIGHT) return Promise.resolve({ kind: 'busy' });
      inFlight += 1;
      const { promise, resolve } = Promise.withResolvers<ReserveOutcome>();
      const queue = queues.get(purchase.activityId);
      if (queue === undefined) queues.set(purchase.activityId, [{ purchase, resolve }]);
      else queue.push({ purchase, resolve });
      if (!isScheduled) {
        isScheduled = true;
        setImmediate(flush);
      }
      return promise;
    },
  };
}

/** Decides a batch; rejects only when Redis answers what the script cannot say. */
async function decide(
  options: ReserverOptions,
  activityId: string,
  batch: readonly Waiting[],
): Promise<ReserveOutcome[]> {
  const all = (outcome: ReserveOutcome): ReserveOutcome[] => batch.map(() => outcome);
  const { link, registry, script, seen, userKey, hasRoom = always } = options;
  const activity = registry.byId(activityId);
  if (activity?.state !== 'LOADED') return all({ kind: 'not-loaded', missing: false });
  const runId = link.runId(activity.skuId);
  if (runId === undefined) return all({ kind: 'away' });
  if (runId !== activity.runId) {
    options.onDistrust(activity, 'redis-replaced');
    return all({ kind: 'fenced', why: 'closed' });
  }
  const { skuId, epoch } = activity;
  const purchases = batch.map(({ purchase }) => purchase);
  const terms = { seen: seen.get(activityId, epoch), hasRoom: hasRoom(activityId) };
  const { keys, args } = reserveCall({ skuId, activityId, epoch, ...terms }, purchases, userKey);
  const startedAt = performance.now();
  let reply: unknown;
  try {
    reply = await script.run(link.redis, keys, args);
  } catch (error) {
    options.onError(error);
    return all(outcomeOfError(error));
  }
  options.onBatch({ size: batch.length, seconds: (performance.now() - startedAt) / 1000 });
  const { sequence, head, answers: texts } = parseReserveReply(reply);
  const answers = purchases.map((purchase, at) =>
    readAnswer(options, texts[at], { ...purchase, head }),
  );
  seen.raise(activity.activityId, { epoch: activity.epoch, seq: trusted(answers, sequence) });
  distrust(options, activity, answers);
  return await confirmed(options, activity.skuId, answers);
}

/** An order that too few replicas know is there, but not promised yet. */
async function confirmed(
  { isDurable }: ReserverOptions,
  skuId: string,
  answers: readonly ReserveOutcome[],
): Promise<ReserveOutcome[]> {
  const isOrder = ({ kind }: ReserveOutcome) => kind === 'reserved' || kind === 'known';
  const isSure = isDurable === undefined || !answers.some(isOrder) || (await isDurable(skuId));
  return answers.map((answer) => (isSure || !isOrder(answer) ? answer : { kind: 'ambiguous' }));
}

/** What cannot be read concerns its own buyer, not the others of the batch. */
function readAnswer(
  { onError }: ReserverOptions,
  answer: NumberedText | undefined,
  asked: Asked,
): ReserveOutcome {
  try {
    return parseReserveAnswer(answer ?? { text: '', seq: 0 }, asked);
  } catch (error) {
    onError(error);
    return { kind: 'ambiguous' };
  }
}

function outcomeOfError(error: unknown): ReserveOutcome {
  if (isOutOfMemory(error)) return { kind: 'busy' };
  return hasNotRun(error) ? { kind: 'away' } : { kind: 'ambiguous' };
}

/** A sequence counts as seen only from a server that passed the fence. */
function trusted(answers: readonly ReserveOutcome[], sequence: number): number {
  return answers.some(isDoubtful) ? 0 : sequence;
}

const isDoubtful = ({ kind }: ReserveOutcome): boolean =>
  kind === 'fenced' || kind === 'not-loaded';

function distrust(
  { onDistrust }: ReserverOptions,
  activity: ActivityRow,
  answers: readonly ReserveOutcome[],
): void {
  const answer = answers.find(isDoubtful);
  if (answer?.kind === 'not-loaded') onDistrust(activity, 'keys-missing');
  if (answer?.kind !== 'fenced') return;
  if (answer.why === 'behind') onDistrust(activity, 'redis-behind');
  if (answer.why === 'stale') onDistrust(activity, 'epoch-stale');
}
