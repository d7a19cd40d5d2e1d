// `reconcile`: do Redis and the database say the same of a sale?
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { askOrigin } from './ask-origin.ts';
import { type Command, type Output, UsageError } from './command.ts';
import { countOf } from './count-of.ts';
import { sourceOf } from './target.ts';

const difference = v.object({ what: v.string(), redis: v.string(), database: v.string() });
const comparison = v.object({
  ...{
    epoch: v.number(),
    inFlight: v.number(),
    outboxEntries: v.number(),
    loggedRecords: v.number(),
  },
  ...{ orders: v.number(), users: v.number(), isCut: v.boolean() },
  differences: v.array(difference),
});
const schema = v.object({
  kind: v.picklist(['agree', 'differ', 'too-many', 'repaired', 'not-open']),
  comparison: v.optional(comparison),
  after: v.optional(comparison),
});
type Answer = v.InferOutput<typeof schema>;

export const reconcileCommand: Command = {
  name: 'reconcile',
  usage: 'reconcile <activityId> [--repair] [--most N] [--dev]',
  about: [
    'Compares Redis, outbox, order log and database of a loaded activity; changes nothing.',
    '',
    '  --repair   where they differ, closes the fence and rebuilds Redis from the database',
    '  --most N   repairs no more than so many differences, 1 to 10000   [100]',
    '  --dev      at the system that `npm run dev` is running',
    'Exit code 1 when they differ and were not repaired.',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        repair: { type: 'boolean', default: false },
        most: { type: 'string', default: '100' },
        dev: { type: 'boolean' },
      },
    });
    const [activityId, ...rest] = positionals;
    if (activityId === undefined || rest.length > 0) {
      throw new UsageError('An activity id is needed.');
    }
    const query = new URLSearchParams({ repair: values.repair ? 'yes' : 'no', most: values.most });
    const path = `/api/admin/reconcile/${encodeURIComponent(activityId)}?${query}`;
    let answer: Answer | undefined;
    const heard: Output = {
      result: (value) => {
        answer = v.parse(schema, value);
      },
      fault: output.fault,
    };
    const source = sourceOf(values);
    const code = await askOrigin({ source, method: 'POST', path, timeoutMs: 120_000 }, heard);
    if (answer === undefined) return code;
    output.result(answer, linesOf(answer));
    const left = answer.after?.differences.length ?? answer.comparison?.differences.length ?? 1;
    return left === 0 ? 0 : 1;
  },
};

function linesOf({ kind, comparison: before, after }: Answer): string[] {
  if (before === undefined) return ['Not open: not loaded, or a rebuild is under way.'];
  const looked = after ?? before;
  return [
    `epoch ${looked.epoch}: ${countOf(looked.orders, 'order')} and ${countOf(looked.users, 'user')} compared`,
    `${countOf(looked.inFlight, 'event')} in flight, ${countOf(looked.outboxEntries, 'outbox entry', 'outbox entries')}`,
    ...before.differences.map((one) => {
      return `differs: ${one.what}: Redis ${one.redis}, database ${one.database}`;
    }),
    ...(before.isCut ? ['… and more'] : []),
    WORDS[kind],
  ];
}

const WORDS: Readonly<Record<Answer['kind'], string>> = {
  agree: 'They agree.',
  differ: 'They differ; `--repair` rebuilds Redis from the database.',
  'too-many': 'They differ in more than may be repaired (`--most`); nothing was done.',
  repaired: 'Rebuilt from the database.',
  'not-open': 'Not open.',
};
