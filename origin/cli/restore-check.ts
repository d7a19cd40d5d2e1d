// `restore-check`: after the database was put back from a backup.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import type { Found } from '../restore/plan.ts';
import type { Restored } from '../restore/restore.ts';
import type { Command } from './command.ts';
import { countOf } from './count-of.ts';

export const restoreCheckCommand: Command = {
  name: 'restore-check',
  usage: 'restore-check [--apply]',
  about: [
    'After the database was put back from a backup: what does it lack? Changes nothing.',
    '',
    'Stop every origin, put the backup back, run `migrate` and then this with the settings of an',
    'origin. The order log (embedded stack: Redis itself) is read from its oldest record on and compared.',
    '  --apply   closes the fences, raises epochs and terms above all that were ever given out, sets',
    '            the batch writer back to the oldest record, stores lost payments again. Start the',
    '            origins then: the log is applied anew, and each activity is rebuilt and sells again.',
    'Repeatable at any point. Exit code 0 when nothing is lacking or all is readied, 1 when a dry run',
    'found something, or something is left that only an operator can mend.',
  ].join('\n'),
  async run(args, output) {
    const { values } = parseArgs({
      args: [...args],
      options: { apply: { type: 'boolean', default: false } },
    });
    // Loaded here: no other command needs all of these libraries.
    const { openRestore } = await import('../restore/open-restore.ts');
    const { restoreCheck } = await import('../restore/restore.ts');
    const opened = await openRestore(readConfig());
    try {
      const restored = await restoreCheck(opened, values.apply ? 'apply' : 'dry-run');
      const { kind, source, records, payments, terms } = restored;
      const activities = restored.activities.map(({ readmit: _readmit, ...shown }) => shown);
      output.result({ kind, source, records, payments, terms, activities }, linesOf(restored));
      return kind === 'whole' || kind === 'readied' ? 0 : 1;
    } finally {
      await opened.close();
    }
  },
};

function linesOf({ kind, source, records, activities, payments, terms }: Restored): string[] {
  const read =
    source === 'order-log' ? `${countOf(records, 'record')} of the order log read` : 'Redis read';
  const lacking = activities.filter(({ finding }) => finding !== 'whole');
  return [
    `${read}: ${countOf(activities.length, 'activity', 'activities')}, ${lacking.length} of them behind`,
    ...lacking.flatMap(lineOf),
    ...(payments.orders === 0
      ? []
      : [
          `payments: ${payments.orders} paid orders without one, ${payments.found} found at the gateway, ` +
            `${payments.unexplained} unknown there, ${payments.unasked} not asked: it did not answer`,
        ]),
    ...(terms === 'kept' ? [] : ['leaders’ terms went back with the backup']),
    WORDS[kind],
  ];
}

const lineOf = ({ activityId, skuId, finding, applied, newest, events, notes }: Found) => [
  `${activityId} ${skuId}: ${FINDINGS[finding]}, database at ${applied}, newest ${newest}, ${countOf(events, 'event')}`,
  ...notes.map((note) => `  ! ${note}`),
];

const FINDINGS: Readonly<Record<Found['finding'], string>> = {
  whole: 'whole',
  behind: 'behind',
  unloaded: 'loaded behind the backup',
  over: 'over: a later activity of its SKU was loaded',
  unknown: 'made behind the backup: its row is made again as far as it can be told',
};

const WORDS: Readonly<Record<Restored['kind'], string>> = {
  whole: 'Nothing is lacking.',
  lacking: 'Nothing was changed; `--apply` readies the database.',
  readied: 'Readied: start the origins.',
  partly: 'Readied, as far as it goes: see what stands above, then start the origins.',
  running:
    'A batch writer is running, or ended a moment ago: stop every origin, wait 10 s, try again.',
};
