import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import { InfrastructureError } from '../../infrastructure-error.ts';
import { RETRY } from './client.ts';

/** A connected producer that replaces itself after each failure. */
export interface DurableProducer {
  /** Resolves when all in-sync replicas have the messages; order within a partition is kept. */
  send(topic: string, messages: Message[]): Promise<void>;
  close(): Promise<void>;
}

const ACKS_ALL = -1;
const ACK_TIMEOUT_MS = 5_000;

/**
 * A failed send may have been written all the same. The next one then must not come from the same
 * producer: it would carry the same sequence numbers, and the broker would acknowledge other
 * messages as repeats without writing them.
 */
export function createDurableProducer(kafka: Kafka, prepare: () => Promise<void>): DurableProducer {
  let current: Promise<Producer> | undefined;

  async function open(): Promise<Producer> {
    await prepare();
    const producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
      retry: RETRY,
    });
    await producer.connect();
    return producer;
  }

  async function drop(dropped: Promise<Producer>): Promise<void> {
    if (current === dropped) current = undefined;
    const [opened] = await Promise.allSettled([dropped]);
    if (opened.status === 'fulfilled') await opened.value.disconnect();
  }

  return {
    async send(topic, messages) {
      current ??= open();
      const used = current;
      try {
        const producer = await used;
        await producer.send({ topic, messages, acks: ACKS_ALL, timeout: ACK_TIMEOUT_MS });
      } catch (cause) {
        await drop(used);
        throw new InfrastructureError('order-log-away', 'Kafka did not take the records', {
          cause,
        });
      }
    },
    async close() {
      if (current !== undefined) await drop(current);
    },
  };
}
