import { InfrastructureError } from '../../infrastructure-error.ts';
import type { Log } from '../../log.ts';
import type { OrderLog } from '../order-log.ts';
import { kafkaClient } from './client.ts';
import { createDurableProducer } from './producer.ts';
import { messageOf, messageOfUnreadable } from './record.ts';
import type { KafkaSettings } from './settings.ts';
import { createMissingTopics } from './topics.ts';

/** The order log of the full stack. Connects at the first call, so Kafka may be away at the start. */
export function createKafkaOrderLog(settings: KafkaSettings, log: Log): OrderLog {
  const kafka = kafkaClient(settings, log);
  const producer = createDurableProducer(kafka, () => createMissingTopics(kafka, settings, log));
  return {
    async append(events) {
      if (events.length > 0) await producer.send(settings.orders.name, events.map(messageOf));
      return { stalled: [] };
    },
    async bury(entry) {
      await producer.send(settings.orders.name, [messageOfUnreadable(entry)]);
      return { stalled: [] };
    },
    async ping() {
      const admin = kafka.admin();
      try {
        await admin.connect();
        await admin.describeCluster();
      } catch (cause) {
        throw new InfrastructureError('order-log-away', 'Kafka does not answer', { cause });
      } finally {
        await admin.disconnect();
      }
    },
    close: () => producer.close(),
  };
}
