// Run as a process: `node repeat-process.ts BROKERS TOPIC AFTER_MS`. Publishes what the topic holds
// once more.
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';

const GATHER_MS = 2_500;
/** Of all partitions together, the newest; all of a short sale. */
const MOST = 500;

interface Taken extends Message {
  readonly partition: number;
}

const [brokers = '', topic = '', afterMs = '0'] = process.argv.slice(2);
const kafka = new Kafka({
  clientId: 'chaos',
  brokers: brokers.split(','),
  logLevel: logLevel.NOTHING,
});
const taken = await gather();
await pause(Number(afterMs));
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
await producer.send({ topic, messages: taken.slice(-MOST), acks: -1 });
process.stdout.write(`${taken.length}\n`);
process.exit(0);

/** Read within a bounded time. */
async function gather(): Promise<Taken[]> {
  const consumer = kafka.consumer({ groupId: `chaos-${process.pid}-${Date.now()}` });
  const read: Taken[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const { key, value, headers = {} } = message;
      read.push({ partition, key, value, headers });
    },
  });
  await pause(GATHER_MS);
  await consumer.disconnect();
  return read;
}
