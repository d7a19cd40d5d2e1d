// Publishes what the order log holds once more: late duplicates, as a relay makes them that woke up
// behind its successor.
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import type { Stack } from '../stack/stack.ts';

const GATHER_MS = 2_500;
/** Of each partition, the newest; all of a short sale. */
const MOST = 500;

interface Taken extends Message {
  readonly partition: number;
}

/**
 * Read within a bounded time; appended after `afterMs` to the partitions where they came from, in
 * their order.
 */
export async function repeatRecords(
  { database }: Stack,
  { topic, afterMs }: { topic: string; afterMs: number },
): Promise<void> {
  if (database.kind !== 'mysql') throw new Error('the embedded stack has no topic');
  const brokers = database.places.kafka.bootstrap.split(',');
  const kafka = new Kafka({ clientId: 'chaos', brokers, logLevel: logLevel.NOTHING });
  const taken = await gather(kafka, topic);
  await pause(afterMs);
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, messages: taken.slice(-MOST), acks: -1 });
  } finally {
    await producer.disconnect();
  }
}

async function gather(kafka: Kafka, topic: string): Promise<Taken[]> {
  const consumer = kafka.consumer({ groupId: `chaos-${process.pid}-${performance.now()}` });
  const taken: Taken[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const { key, value, headers = {} } = message;
        taken.push({ partition, key, value, headers });
      },
    });
    await pause(GATHER_MS);
  } finally {
    await consumer.disconnect();
  }
  return taken;
}
