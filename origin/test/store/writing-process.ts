// A process of its own that writes one sale to a SQLite file, batch after batch, and says on its
// standard output up to which number each batch was committed.
import { openStore } from '../../store/open-store.ts';
import { recordsOf } from './sale-records.ts';

const [file = '', activityId = '', skuId = '', rowsText = '100'] = process.argv.slice(2);
const rows = Number(rowsText);
const store = await openStore({ kind: 'sqlite', file });
const { reserved } = recordsOf({ activityId, skuId });
const applied = (await store.findActivity(activityId))?.applied.seq ?? 0;

for (let last = applied; ; last += rows) {
  await store.applyRecords(
    Array.from({ length: rows }, (_, index) =>
      reserved({ seq: last + index + 1, n: last + index + 1 }),
    ),
  );
  process.stdout.write(`${last + rows}\n`);
}
