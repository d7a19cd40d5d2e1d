// `activity totals`: what the database says of a sale. Reads beside a running origin.
import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { countOf } from './count-of.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

export const activityTotals: Command = {
  name: 'activity totals',
  usage: 'activity totals <activityId> [--dev]',
  about: [
    'Counts orders and units of an activity in the database; exit code 1 when oversold.',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dev: { type: 'boolean' } },
    });
    const [activityId, ...rest] = positionals;
    if (activityId === undefined || rest.length > 0) {
      throw new UsageError('An activity id is needed.');
    }
    const store = await openToRead(findDatabase(sourceOf(values)));
    try {
      const activity = await store.findActivity(activityId);
      if (activity === undefined) {
        output.fault(`There is no activity ${activityId}.`);
        return 1;
      }
      const { stock } = activity.applied;
      const totals = { activityId, stock, ...(await store.summary(activityId)) };
      const { PENDING, PAID, CANCELLED } = totals.byStatus;
      output.result(totals, [
        `${totals.sold} of ${countOf(stock, 'unit')} sold`,
        `${countOf(totals.orders, 'order')}: ${PENDING} pending, ${PAID} paid, ${CANCELLED} cancelled`,
        `${countOf(totals.overLimit, 'user')} over the limit, ${countOf(totals.deadLetters, 'dead letter')}`,
      ]);
      return totals.sold > stock ? 1 : 0;
    } finally {
      await store.close();
    }
  },
};
