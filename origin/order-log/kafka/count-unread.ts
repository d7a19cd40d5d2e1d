import { Partitioners } from 'kafkajs';
import type { Log } from '../../log.ts';
import { kafkaClient } from './client.ts';
import type { KafkaSettings } from './settings.ts';

/**
 * Records of the SKU's partition behind what the writers' group has committed, other SKUs' among
 * them. A record that is committed is in the database. None where the topic is missing.
 */
export async function countUnread(
  settings: KafkaSettings,
  log: Log,
  skuId: string,
): Promise<number> {
  const topic = settings.orders.name;
  const admin = kafkaClient(settings, log).admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) return 0;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitionMetadata = topics[0]?.partitions ?? [];
    const message = { key: skuId, value: null };
    const own = Partitioners.DefaultPartitioner()({ topic, partitionMetadata, message });
    const [group] = await admin.fetchOffsets({ groupId: settings.group, topics: [topic] });
    const committed = group?.partitions.find(({ partition }) => partition === own)?.offset;
    // Behind the writers' offset: what is appended in between counts as unread.
    const bounds = (await admin.fetchTopicOffsets(topic)).find(
      ({ partition }) => partition === own,
    );
    const from = Math.max(Number(committed ?? -1), Number(bounds?.low ?? 0));
    return Math.max(0, Number(bounds?.high ?? 0) - from);
  } finally {
    await admin.disconnect();
  }
}
