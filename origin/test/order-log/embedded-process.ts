// Owns a SQLite file and appends a sale's events to the embedded order log without end, telling
// how far it has come, until it is killed.
import { createEmbeddedOrderLog } from '../../order-log/embedded/embedded-order-log.ts';
import { openStore } from '../../store/open-store.ts';
import { createBatchWriter } from '../../writer/batch-writer.ts';
import { createEvents } from './sale.ts';

const { file, sale } = JSON.parse(process.argv[2] ?? '');
const BATCH = 250;

const store = await openStore({ kind: 'sqlite', file });
const writer = createBatchWriter({ apply: store.applyRecords });
const orderLog = createEmbeddedOrderLog({ write: writer.write, ping: store.ping });
const events = createEvents(sale);
for (let from = 1; ; from += BATCH) {
  const batch = events(from, from + BATCH - 1);
  process.stdout.write(`${JSON.stringify({ state: 'appending', events: batch })}\n`);
  await orderLog.append(batch);
  process.stdout.write(`${JSON.stringify({ state: 'appended' })}\n`);
}
