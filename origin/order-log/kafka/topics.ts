import type { Kafka } from 'kafkajs';
import type { Log } from '../../log.ts';
import type { KafkaSettings, TopicSettings } from './settings.ts';

const CREATE_TIMEOUT_MS = 10_000;

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
      waitForLeaders: true,
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ name }) => name) });
    for (const { name, partitions } of wanted) {
      const found = topics.find((topic) => topic.name === name)?.partitions.length;
      if (found === partitions) continue;
      log.warn({ topic: name, found, wanted: partitions }, 'a topic has other partitions');
    }
  } finally {
    await admin.disconnect();
  }
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
