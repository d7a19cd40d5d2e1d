// Topics that are created while somebody waits for them.
import { Kafka, logLevel } from 'kafkajs';
import { expect, inject, test } from 'vitest';
import { untilKnown } from '../../order-log/kafka/topics.ts';

const { bootstrap } = inject('services').kafka;

test('a broker that has not heard of a topic is asked until it has', async () => {
  const topic = 'heard-of-late';
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await expect(admin.fetchTopicMetadata({ topics: [topic] })).rejects.toThrow('does not host');
  const known = untilKnown(admin, [topic]);
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: false });
  expect(await known).toMatchObject([{ name: topic, partitions: [{}, {}, {}] }]);
  await admin.disconnect();
});
