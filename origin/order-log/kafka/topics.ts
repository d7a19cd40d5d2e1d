import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, ITopicMetadata, Kafka } from 'kafkajs';
import type { Log } from '../../log.ts';
import type { KafkaSettings, TopicSettings } from './settings.ts';

const CREATE_TIMEOUT_MS = 10_000;
const POLL_MS = 100;
const NOT_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

/**
 * Creates the topics that are missing. One that stands is left as it is: with another number of
 * partitions a SKU's events would change their partition, and with it their order.
 */
export async function createMissingTopics(
  kafka: Kafka,
  settings: KafkaSettings,
  log: Log,
): Promise<void> {
  const wanted = [settings.orders, settings.deadLetters];
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      topics: wanted.map((topic) => creation(topic, settings.replicationFactor)),
      timeout: CREATE_TIMEOUT_MS,
      waitForLeaders: false,
    });
    const topics = await untilKnown(
      admin,
      wanted.map(({ name }) => name),
    );
    for (const { name, partitions } of wanted) {
      const found = topics.find((topic) => topic.name === name)?.partitions.length;
      if (found === partitions) continue;
      log.warn({ topic: name, found, wanted: partitions }, 'a topic has other partitions');
    }
  } finally {
    await admin.disconnect();
  }
}

/**
 * What a broker says of topics once it knows them: it hears of a new one, and of who leads its
 * partitions, later than the controller. Rejects with its refusal after ten seconds.
 */
export async function untilKnown(admin: Admin, names: string[]): Promise<ITopicMetadata[]> {
  const deadline = performance.now() + CREATE_TIMEOUT_MS;
  for (;;) {
    try {
      return (await admin.fetchTopicMetadata({ topics: names })).topics;
    } catch (error) {
      if (!isNotYet(error) || performance.now() >= deadline) throw error;
      await pause(POLL_MS);
    }
  }
}

/** The library repeats some of these by itself, and wraps the last. */
function isNotYet(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return [error, error.cause].some(
    (refusal) =>
      refusal instanceof Error && 'type' in refusal && NOT_YET.includes(String(refusal.type)),
  );
}

export function creation(
  { name, partitions, retentionMs }: TopicSettings,
  replicationFactor: number,
) {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor,
    configEntries: [
      { name: 'retention.ms', value: String(retentionMs) },
      { name: 'cleanup.policy', value: 'delete' },
      // An acknowledged event outlives any one broker, where there are brokers enough.
      { name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' },
    ],
  };
}
