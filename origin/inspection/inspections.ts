// What this configuration promises of each service that it names.
import type { OriginConfig } from '../config.ts';
import { redisDemands } from '../dependencies.ts';
import { parseDurability } from '../redis/durability.ts';
import { inventoryPlace, linePlace } from '../redis/place.ts';
import { storeTarget } from '../store/target.ts';
import { inspectInventory, inspectLine } from './inspect-redis.ts';
import type { Inspection } from './inspection.ts';

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export function inspectionsOf(config: OriginConfig): Inspection[] {
  const { replicas } = parseDurability(config.REDIS_DURABILITY);
  const demands = { ...redisDemands(config), replicas };
  return [
    { name: 'redis', inspect: () => inspectInventory(inventoryPlace(config), demands) },
    { name: 'edgeRedis', inspect: () => inspectLine(linePlace(config)) },
    ...(config.STACK === 'embedded' ? [] : fullInspections(config)),
  ];
}

function fullInspections(config: OriginConfig): Inspection[] {
  return [
    {
      name: 'database',
      async inspect() {
        const { inspectMysql } = await import('../store/inspect-mysql.ts');
        const target = storeTarget(config);
        return target.kind === 'mysql' ? inspectMysql(target) : { faults: [] };
      },
    },
    {
      name: 'orderLog',
      async inspect() {
        const { kafkaSettings } = await import('../order-log/kafka/settings.ts');
        const { inspectTopics } = await import('../order-log/kafka/inspect-topics.ts');
        return { faults: await inspectTopics(kafkaSettings(config), SILENT) };
      },
    },
    {
      name: 'etcd',
      async inspect() {
        const { openEtcdSettings } = await import('../settings/etcd-settings.ts');
        const { readSetting } = await import('../settings/watched-settings.ts');
        const endpoints = config.ETCD_ENDPOINTS.split(',');
        const settings = openEtcdSettings({ endpoints, prefix: config.ETCD_PREFIX });
        try {
          const faults = [...(await settings.read())].flatMap(([name, text]) => {
            const read = readSetting(name, text);
            return read.kind === 'value' ? [] : [`config/${name} ${read.faults.join(', ')}`];
          });
          return { faults };
        } finally {
          settings.close();
        }
      },
    },
  ];
}
