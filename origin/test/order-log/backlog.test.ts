import { expect, it } from 'vitest';
import { countUnread } from '../../order-log/kafka/count-unread.ts';
import { createKafkaOrderLog } from '../../order-log/kafka/kafka-order-log.ts';
import { quietLog } from '../quiet-log.ts';
import { createEvents, openSale } from './sale.ts';
import { ownSettings, startFullStack } from './stacks.ts';

const WITHIN = { timeout: 30_000, interval: 50 };

it('is none where all is written or nothing was, and what came behind the writer', async () => {
  const stack = await startFullStack();
  const { settings } = stack;
  const sale = await openSale(stack.store);
  const events = createEvents(sale);
  const unread = () => countUnread(settings, quietLog, sale.skuId);
  await stack.orderLog.append(events(1, 20));
  await expect.poll(unread, WITHIN).toBe(0);
  expect((await stack.store.findActivity(sale.activityId))?.applied.seq).toBe(20);
  await stack.close();

  const alone = createKafkaOrderLog(settings, quietLog);
  await alone.append(events(21, 27));
  expect(await unread()).toBe(7);
  await alone.close();
  const [broker = ''] = settings.brokers;
  expect(await countUnread(ownSettings(broker), quietLog, sale.skuId)).toBe(0);
});
