// `lapses lift`: a user whom an activity refuses for unpaid expiries may buy again.
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { isSkuId, isUserId } from '../../shared/words.ts';
import { askOrigin } from './ask-origin.ts';
import { type Command, UsageError } from './command.ts';
import { sourceOf } from './target.ts';

export const lapsesLift: Command = {
  name: 'lapses lift',
  usage: 'lapses lift [--dev] <sku> <user>',
  about: [
    'Forgives a user’s unpaid expiries in the activity of an item.',
    'Orders that expire later count again.',
    '',
    '  --dev    at the system that `npm run dev` is running',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dev: { type: 'boolean', default: false } },
    });
    const [skuId = '', userId = '', ...more] = positionals;
    if (!isSkuId(skuId) || !isUserId(userId) || more.length > 0) {
      throw new UsageError('Name an item and a user.');
    }
    const source = sourceOf(values);
    const path = `/api/admin/lapses/${skuId}/${encodeURIComponent(userId)}/lift`;
    return await askOrigin({ source, method: 'POST', path, lines: liftedLines }, output);
  },
};

const liftedSchema = v.object({ lifted: v.number() });

function liftedLines(answer: unknown): readonly string[] {
  const { lifted } = v.parse(liftedSchema, answer);
  return [lifted === 0 ? 'Nothing was held against them.' : `${lifted} unpaid expiries forgiven.`];
}
