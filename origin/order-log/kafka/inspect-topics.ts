// Whether the topics that stand are those that the origin would create.
// Its enums are no named exports to Node.
import kafkajs from 'kafkajs';
import type { Log } from '../../log.ts';
import { kafkaClient } from './client.ts';
import type { KafkaSettings, TopicSettings } from './settings.ts';
import { creation } from './topics.ts';

/** What is wrong; a topic that is missing will be created. Rejects when no broker answers. */
export async function inspectTopics(settings: KafkaSettings, log: Log): Promise<string[]> {
  const admin = kafkaClient(settings, log).admin();
  await admin.connect();
  try {
    const standing = await admin.listTopics();
    const wanted = [settings.orders, settings.deadLetters].filter(({ name }) =>
      standing.includes(name),
    );
    if (wanted.length === 0) return [];
    const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ name }) => name) });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: wanted.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    });
    return wanted.flatMap((topic) => {
      const partitions = topics.find(({ name }) => name === topic.name)?.partitions ?? [];
      const resource = resources.find(({ resourceName }) => resourceName === topic.name);
      const entries = resource?.configEntries ?? [];
      const found = new Map(entries.map((entry) => [entry.configName, entry.configValue]));
      return [
        ...partitionFaults(topic, partitions, settings.replicationFactor),
        ...configFaults(topic, found, settings.replicationFactor),
      ];
    });
  } finally {
    await admin.disconnect();
  }
}

function partitionFaults(
  { name, partitions }: TopicSettings,
  found: readonly { readonly replicas: readonly number[] }[],
  replicationFactor: number,
): string[] {
  const replicas = Math.min(...found.map((partition) => partition.replicas.length));
  return [
    ...(found.length === partitions
      ? []
      : [`${name} has ${found.length} partitions, configured are ${partitions}`]),
    ...(replicas >= replicationFactor
      ? []
      : [`${name} has ${replicas} replicas, configured are ${replicationFactor}`]),
  ];
}

function configFaults(
  topic: TopicSettings,
  found: ReadonlyMap<string, string>,
  replicationFactor: number,
): string[] {
  return creation(topic, replicationFactor).configEntries.flatMap(({ name, value }) => {
    const is = found.get(name);
    const isNumber = /^\d+$/.test(value);
    // Kept longer, or confirmed by more, is as good.
    const isGood = isNumber ? Number(is) >= Number(value) || is === '-1' : is === value;
    return isGood ? [] : [`${topic.name}: ${name} is ${is ?? 'unknown'}, it must be ${value}`];
  });
}
