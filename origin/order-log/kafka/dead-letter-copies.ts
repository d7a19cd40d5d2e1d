// Copies dead letters from the database, where they are decided on, to their topic, where other
// systems may watch them. Repeated until acknowledged; a copy may therefore stand there twice.
import { createBackoff, pauseFor } from '../../backoff.ts';
import type { Log } from '../../log.ts';
import { createOutage } from '../../outage.ts';
import type { DeadLetterRow } from '../../store/dead-letter-port.ts';
import type { Store } from '../../store/store.ts';
import { kafkaClient } from './client.ts';
import { createDurableProducer } from './producer.ts';
import type { KafkaSettings } from './settings.ts';
import { createMissingTopics } from './topics.ts';

export interface DeadLetterCopiesOptions {
  readonly settings: KafkaSettings;
  readonly store: Pick<Store, 'deadLettersToCopy' | 'markDeadLettersCopied'>;
  readonly log: Log;
  /** The copying ends when it aborts. */
  readonly signal: AbortSignal;
}

const BATCH = 100;
const LOOK_AGAIN_MS = 1_000;
const BACKOFF = { leastMs: 100, mostMs: 5_000 };

/** Runs until the signal aborts; never rejects for Kafka or the database being away. */
export async function copyDeadLetters(options: DeadLetterCopiesOptions): Promise<void> {
  const { settings, store, log, signal } = options;
  const kafka = kafkaClient(settings, log);
  const producer = createDurableProducer(kafka, () => createMissingTopics(kafka, settings, log));
  const backoff = createBackoff(BACKOFF);
  const outage = createOutage(log, 'the way of dead letters to their topic');
  try {
    while (!signal.aborted) {
      try {
        const rows = await store.deadLettersToCopy(BATCH);
        if (rows.length > 0) {
          await producer.send(settings.deadLetters.name, rows.map(messageOf));
          await store.markDeadLettersCopied(rows.map(({ id }) => id));
        }
        outage.ended();
        backoff.reset();
        if (rows.length < BATCH) await pauseFor(LOOK_AGAIN_MS, signal);
      } catch (error) {
        outage.began(error);
        await backoff.pause(signal);
      }
    }
  } finally {
    await producer.close();
  }
}

function messageOf(row: DeadLetterRow) {
  return {
    key: row.skuId ?? row.position,
    value: JSON.stringify({ version: 1, ...row }),
    headers: { type: 'dead-letter' },
  };
}
