// `line`: how a line moves and why, and the pin of its speed.
import { parseArgs } from 'node:util';
import { isSkuId } from '../../shared/words.ts';
import { askOrigin, type OriginCall } from './ask-origin.ts';
import { type Command, UsageError } from './command.ts';
import { lineLines } from './line-lines.ts';
import { DEV, sourceOf } from './target.ts';

export const lineShow: Command = {
  name: 'line show',
  usage: 'line show <skuId> [--dev]',
  about: [
    'Shows the clock of a line, its speed with the reason, and who was called.',
    '',
    DEV,
  ].join('\n'),
  run(args, output) {
    const call = callOf(args, { method: 'GET', tail: '', speed: 'none' });
    return askOrigin({ ...call, lines: lineLines }, output);
  },
};

export const linePin: Command = {
  name: 'line pin',
  usage: 'line pin <skuId> <speed> [--dev]',
  about: [
    'Pins the speed of a line, 0.1 to 1; the load of origins is not looked at.',
    '',
    DEV,
  ].join('\n'),
  run: (args, output) =>
    askOrigin(callOf(args, { method: 'PUT', tail: '/pin', speed: 'needed' }), output),
};

export const lineUnpin: Command = {
  name: 'line unpin',
  usage: 'line unpin <skuId> [--dev]',
  about: ['Lets the load of origins decide the speed of a line again.', '', DEV].join('\n'),
  run: (args, output) =>
    askOrigin(callOf(args, { method: 'DELETE', tail: '/pin', speed: 'none' }), output),
};

interface Form {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly tail: string;
  readonly speed: 'none' | 'needed';
}

function callOf(args: readonly string[], { method, tail, speed }: Form): OriginCall {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' } },
  });
  const [skuId = '', given, ...rest] = positionals;
  if (!isSkuId(skuId)) throw new UsageError('The skuId of an item is needed.');
  const tooMany = speed === 'needed' ? rest[0] : given;
  if (tooMany !== undefined) throw new UsageError(`"${tooMany}" is one word too many.`);
  const wanted = Number(given);
  if (speed === 'needed' && !(wanted >= 0.1 && wanted <= 1)) {
    throw new UsageError('The speed is a number from 0.1 to 1.');
  }
  return {
    source: sourceOf(values),
    method,
    path: `/api/admin/lines/${skuId}${tail}`,
    ...(speed === 'needed' ? { body: JSON.stringify({ speed: wanted }) } : {}),
  };
}
