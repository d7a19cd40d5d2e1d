// Moves events from the outbox into the order log, in order: reads from the oldest entry left,
// appends, and deletes what was acknowledged. Killed anywhere in between, its successor appends the
// same entries again, which changes nothing.
import { inventoryKeys } from '../../shared/keys.ts';
import { createBackoff, pauseFor } from '../backoff.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import type { OrderLog } from '../order-log/order-log.ts';
import { createOutage } from '../outage.ts';
import type { Redis } from '../redis/client.ts';
import { connectRedis, untilReady } from '../redis/connection.ts';
import { nodeOf, nodesOf } from '../redis/nodes.ts';
import type { OutboxLane } from './entry.ts';
import { createHolds } from './holds.ts';
import { createMalformed, type MalformedStep } from './malformed.ts';
import { openClusterOutbox, openOutbox } from './outbox.ts';
import { relayPass } from './pass.ts';
import { startReading } from './reading.ts';

export interface RelayOptions {
  /** Of the lead: once it aborts, the append under way is finished and the relay ends. */
  readonly signal: AbortSignal;
  readonly redis: { readonly host: string; readonly port: number; readonly isCluster?: boolean };
  /** The loaded activities of the moment; asked again before each round. */
  readonly lanes: () => readonly OutboxLane[];
  readonly orderLog: Pick<OrderLog, 'append' | 'bury'>;
  /** Asked before an entry that cannot be read is buried; lanes are believed where absent. */
  readonly isLoaded?: (activityId: string) => Promise<boolean>;
  /** Events of one batch; asked again before each pass. As many as fit where absent. */
  readonly batchMax?: () => number;
  readonly log: Log;
  readonly observe?: RelayObserver;
}

export interface RelayObserver {
  relayed(batch: { readonly events: number; readonly seconds: number }): void;
  failed(reason: 'redis' | 'order-log'): void;
  /** An entry that cannot be read: its lane is held, then it is in the order log as it is. */
  malformed(skuId: string, step: MalformedStep): void;
}

const WAIT_MS = 200;
/** How often a cluster's servers are looked at: new ones are relayed, former ones no longer. */
const NODES_EVERY_MS = 200;
const BACKOFF = { leastMs: 50, mostMs: 1_000 };
const READY_WITHIN_MS = 1_000;
/** Above every wait for entries; a call that takes longer is a Redis that is away. */
const COMMAND_TIMEOUT_MS = 5_000;

/**
 * Runs until the signal aborts; never rejects for Redis or the order log being away. Of a cluster
 * each server is relayed by itself: one that is away holds up its own activities only.
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { signal } = options;
  const redis = connectRedis({
    ...options.redis,
    name: 'relay',
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  const running = new Map<Redis, Promise<void>>();
  try {
    while (!signal.aborted) {
      for (const node of nodesOf(redis).filter((one) => !running.has(one))) {
        const lanes = () =>
          options.lanes().filter((lane) => nodeOf(redis, outboxOf(lane)) === node);
        const isServing = () => !signal.aborted && nodesOf(redis).includes(node);
        const ended = relayNode({ ...options, lanes }, node, isServing);
        running.set(
          node,
          ended.finally(() => running.delete(node)),
        );
      }
      await pauseFor(NODES_EVERY_MS, signal);
    }
    await Promise.all(running.values());
  } finally {
    redis.disconnect();
  }
}

const outboxOf = ({ skuId }: OutboxLane): string => inventoryKeys.outbox(skuId);

async function relayNode(
  options: RelayOptions,
  redis: Redis,
  isServing: () => boolean,
): Promise<void> {
  const { signal, log, observe } = options;
  const pass = createPass(options, redis);
  const backoff = createBackoff(BACKOFF);
  const outages = {
    redis: createOutage(log, 'the relay’s Redis'),
    'order-log': createOutage(log, 'the order log'),
  };
  while (isServing()) {
    try {
      await untilReady(redis, READY_WITHIN_MS);
      await pass();
      backoff.reset();
      outages.redis.ended();
      outages['order-log'].ended();
    } catch (error) {
      const away = error instanceof InfrastructureError ? 'order-log' : 'redis';
      outages[away].began(error);
      observe?.failed(away);
      await backoff.pause(signal);
    }
  }
}

/** One pass over the lanes that are not held; where it finds nothing, a wait for something. */
function createPass(options: RelayOptions, redis: Redis) {
  const { signal, orderLog, log, observe } = options;
  const outbox = options.redis.isCluster ? openClusterOutbox(redis) : openOutbox(redis);
  const holds = createHolds();
  const lanes = () => options.lanes().filter(({ skuId }) => !holds.has(skuId));
  const onMalformed = createMalformed({
    ...{ outbox, orderLog, holds },
    async isLoaded(activityId) {
      try {
        return (await options.isLoaded?.(activityId)) ?? true;
      } catch (error) {
        log.warn({ err: error, activityId }, 'whether a lane is served cannot be asked');
        return false;
      }
    },
    onMalformed({ lane: { skuId }, id, error }, step) {
      log.error({ err: error, skuId, id, step }, 'an outbox entry cannot be read');
      observe?.malformed(skuId, step);
    },
  });

  return async (): Promise<void> => {
    const hasFound = await relayPass({
      signal,
      reading: startReading(outbox, lanes, options.batchMax?.()),
      outbox,
      orderLog,
      holds,
      onMalformed,
      onRelayed: (batch) => observe?.relayed(batch),
    });
    if (hasFound || signal.aborted) return;
    const idle = lanes();
    if (idle.length === 0) await pauseFor(WAIT_MS, signal);
    else await outbox.untilSomethingWaits(idle, WAIT_MS);
  };
}
