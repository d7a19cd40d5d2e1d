// A relay in a process of its own, into Kafka, that can be killed and stopped as a real one would
// be. With `hang: true` it tells its first acknowledged append and goes no further, so that it can be
// killed between publishing and deleting.
import { setInterval } from 'node:timers';
import { createKafkaOrderLog } from '../../order-log/kafka/kafka-order-log.ts';
import type { OrderLog } from '../../order-log/order-log.ts';
import { runRelay } from '../../outbox/relay.ts';
import { quietLog } from '../quiet-log.ts';
import type { RelayOrder } from './relay-child.ts';

const order: RelayOrder = JSON.parse(process.argv[2] ?? '');
const kafka = createKafkaOrderLog(order.settings, quietLog);

const orderLog: Pick<OrderLog, 'append' | 'bury'> = {
  bury: kafka.bury,
  async append(events) {
    const result = await kafka.append(events);
    process.stdout.write(`appended ${events.length}\n`);
    if (order.afterAppend === 'hang') await new Promise(() => setInterval(() => undefined, 60_000));
    return result;
  },
};
await runRelay({
  signal: new AbortController().signal,
  redis: order.redis,
  lanes: () => order.lanes,
  orderLog,
  log: quietLog,
});
