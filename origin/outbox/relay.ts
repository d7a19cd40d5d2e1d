// Moves events from the outbox into the order log, in order: reads from the oldest entry left,
// appends, and deletes what was acknowledged. Killed anywhere in between, its successor appends the
// same entries again, which changes nothing.
import { createBackoff, pauseFor } from '../backoff.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import type { OrderLog } from '../order-log/order-log.ts';
import { createOutage } from '../outage.ts';
import { connectRedis, untilReady } from '../redis/connection.ts';
import type { OutboxLane } from './entry.ts';
import { createHolds } from './holds.ts';
import { openOutbox } from './outbox.ts';
import { relayPass } from './pass.ts';
import { startReading } from './reading.ts';

export interface RelayOptions {
  /** Of the lead: once it aborts, the append under way is finished and the relay ends. */
  readonly signal: AbortSignal;
  readonly redis: { readonly host: string; readonly port: number };
  /** The loaded activities of the moment; asked again before each round. */
  readonly lanes: () => readonly OutboxLane[];
  readonly orderLog: Pick<OrderLog, 'append'>;
  /** Events of one batch; asked again before each pass. As many as fit where absent. */
  readonly batchMax?: () => number;
  readonly log: Log;
  readonly observe?: RelayObserver;
}

export interface RelayObserver {
  relayed(batch: { readonly events: number; readonly seconds: number }): void;
  failed(reason: 'redis' | 'order-log'): void;
  malformed(skuId: string): void;
}

const WAIT_MS = 200;
const BACKOFF = { leastMs: 50, mostMs: 1_000 };
const READY_WITHIN_MS = 1_000;
/** Above every wait for entries; a call that takes longer is a Redis that is away. */
const COMMAND_TIMEOUT_MS = 5_000;

/** Runs until the signal aborts; never rejects for Redis or the order log being away. */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { signal, log, observe } = options;
  const { host, port } = options.redis;
  const redis = connectRedis({ host, port, name: 'relay', commandTimeoutMs: COMMAND_TIMEOUT_MS });
  const pass = createPass(options, redis);
  const backoff = createBackoff(BACKOFF);
  const outages = {
    redis: createOutage(log, 'the relay’s Redis'),
    'order-log': createOutage(log, 'the order log'),
  };
  try {
    while (!signal.aborted) {
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
  } finally {
    redis.disconnect();
  }
}

/** One pass over the lanes that are not held; where it finds nothing, a wait for something. */
function createPass(options: RelayOptions, redis: ReturnType<typeof connectRedis>) {
  const { signal, orderLog, log, observe } = options;
  const outbox = openOutbox(redis);
  const holds = createHolds();
  const lanes = () => options.lanes().filter(({ skuId }) => !holds.has(skuId));

  return async (): Promise<void> => {
    const hasFound = await relayPass({
      signal,
      reading: startReading(outbox, lanes, options.batchMax?.()),
      outbox,
      orderLog,
      holds,
      onMalformed({ lane: { skuId }, id, error }) {
        log.error({ err: error, skuId, id }, 'an outbox entry is malformed');
        observe?.malformed(skuId);
      },
      onRelayed: (batch) => observe?.relayed(batch),
    });
    if (hasFound || signal.aborted) return;
    const idle = lanes();
    if (idle.length === 0) await pauseFor(WAIT_MS, signal);
    else await outbox.untilSomethingWaits(idle, WAIT_MS);
  };
}
