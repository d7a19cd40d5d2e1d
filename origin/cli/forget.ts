// `forget`: a person's places go, and closed orders bear a pseudonym.
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { isUserId } from '../../shared/words.ts';
import { askOrigin } from './ask-origin.ts';
import { type Command, UsageError } from './command.ts';
import { countOf } from './count-of.ts';
import { sourceOf } from './target.ts';

const forgottenSchema = v.object({ keys: v.number(), orders: v.number(), isMore: v.boolean() });
/** Of 500 orders each. */
const MAX_STEPS = 1_000;

export const forget: Command = {
  name: 'forget',
  usage: 'forget <user> [--dev]',
  about: [
    'Forgets a user: removes places, and puts a pseudonym on orders of closed activities.',
    '',
    'Orders of activities that are not closed keep their owner: run it again when they are. What',
    'only edges can name (facts of layer 1) runs out within 36 hours. May be repeated.',
    '',
    '  --dev    at the system that `npm run dev` is running',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dev: { type: 'boolean' } },
    });
    const [userId = '', ...rest] = positionals;
    if (!isUserId(userId) || rest.length > 0) throw new UsageError('One user id is needed.');
    const source = sourceOf(values);
    const path = `/api/admin/users/${encodeURIComponent(userId)}/forget`;
    const sum = { keys: 0, orders: 0 };
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const answers: unknown[] = [];
      const hear = { result: (value: unknown) => void answers.push(value), fault: output.fault };
      const code = await askOrigin({ source, method: 'POST', path }, hear);
      if (code !== 0) return code;
      const done = v.parse(forgottenSchema, answers[0]);
      sum.keys += done.keys;
      sum.orders += done.orders;
      if (!done.isMore) break;
    }
    output.result(sum, [
      `${countOf(sum.keys, 'key')} removed, ${countOf(sum.orders, 'order')} made nameless`,
    ]);
    return 0;
  },
};
