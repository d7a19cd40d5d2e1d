// `activity create`, `get`, `list`, `replace`, `delete`, `pause`, `resume` and `end`: the origin's
// own calls.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { activityLines } from './activity-lines.ts';
import { askOrigin, findTag } from './ask-origin.ts';
import { type Command, UsageError } from './command.ts';
import { DEV, sourceOf } from './target.ts';

const ALL = '/api/activities';
const ID_NEEDED = 'An activity id is needed.';
const IF_MATCH =
  '  --if-match TAG  only while this version stands, as in \'"3"\'; else the present one';

const activityCreate: Command = {
  name: 'activity create',
  usage: 'activity create <file.json | -> [--dev]',
  about: [
    'Creates an activity from a file with its JSON; `-` reads standard input.',
    '',
    'Members and defaults: POST /api/activities at /docs. The least:',
    '  {"skuId":"lamp","stock":100,"price":4900,"startAt":"2030-01-01T12:00:00Z",',
    '   "endAt":"2030-01-01T13:00:00Z"}',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, ['A file with the JSON of an activity is needed.']);
    const body = readBody(words[0]);
    return await askOrigin({ source, method: 'POST', path: ALL, body }, output);
  },
};

const activityGet: Command = {
  name: 'activity get',
  usage: 'activity get <activityId> [--dev]',
  about: ['Shows an activity.', '', DEV].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED]);
    return await askOrigin({ source, method: 'GET', path: pathOf(words[0]) }, output);
  },
};

const activityList: Command = {
  name: 'activity list',
  usage: 'activity list [--state STATE] [--sku SKU] [--limit N] [--cursor CURSOR] [--dev]',
  about: [
    'Lists activities, newest first, with what is sold of how many.',
    '',
    '  --state STATE    SCHEDULED, LOADED, RUNNING, PAUSED, ENDED or CLOSED',
    '  --sku SKU        of one item',
    '  --limit N        so many, 1 to 100   [50]',
    '  --cursor CURSOR  goes on behind a page, which names it',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        dev: { type: 'boolean' },
        state: { type: 'string' },
        sku: { type: 'string' },
        limit: { type: 'string' },
        cursor: { type: 'string' },
      },
    });
    const { dev, sku: skuId, ...rest } = values;
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...rest, skuId })) {
      if (value !== undefined) query.set(name, value);
    }
    const path = query.size === 0 ? ALL : `${ALL}?${query}`;
    const source = sourceOf({ dev });
    return await askOrigin({ source, method: 'GET', path, lines: activityLines }, output);
  },
};

const activityReplace: Command = {
  name: 'activity replace',
  usage: 'activity replace <activityId> <file.json | -> [--if-match TAG] [--dev]',
  about: [
    'Replaces the terms of an activity by those in the file; what is left out gets its default.',
    '',
    IF_MATCH,
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { source, words, tag } = parse(args, [ID_NEEDED, 'A file with the new JSON is needed.']);
    const body = readBody(words[1]);
    const path = pathOf(words[0]);
    const headers = { 'if-match': tag ?? (await findTag(source, path)) ?? '*' };
    return await askOrigin({ source, method: 'PUT', path, body, headers }, output);
  },
};

const activityDelete: Command = {
  name: 'activity delete',
  usage: 'activity delete <activityId> [--if-match TAG] [--dev]',
  about: ['Deletes an activity that is not live; end it before.', '', IF_MATCH, DEV].join('\n'),
  async run(args, output) {
    const { source, words, tag } = parse(args, [ID_NEEDED]);
    const path = pathOf(words[0]);
    const headers = { 'if-match': tag ?? (await findTag(source, path)) ?? '*' };
    return await askOrigin({ source, method: 'DELETE', path, headers }, output);
  },
};

const move = (to: 'pause' | 'resume' | 'end', about: string): Command => ({
  name: `activity ${to}`,
  usage: `activity ${to} <activityId> [--dev]`,
  about: [about, '', DEV].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED]);
    return await askOrigin({ source, method: 'POST', path: `${pathOf(words[0])}/${to}` }, output);
  },
});

export const activityCommands: readonly Command[] = [
  activityCreate,
  activityGet,
  activityList,
  activityReplace,
  activityDelete,
  move('pause', 'Pauses: nobody enters until it is resumed; places and held orders keep.'),
  move('resume', 'Goes on selling after a pause.'),
  move('end', 'Ends an activity now, for good; its pending orders may still be paid.'),
];

/** Exactly as many words as there are `missing` texts for them. */
function parse(args: readonly string[], missing: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' }, 'if-match': { type: 'string' } },
  });
  const text = missing[positionals.length];
  if (text !== undefined) throw new UsageError(text);
  if (positionals.length > missing.length) {
    throw new UsageError(`"${positionals[missing.length]}" is one word too many.`);
  }
  return { words: positionals, source: sourceOf(values), tag: values['if-match'] };
}

const pathOf = (activityId = ''): string => `${ALL}/${encodeURIComponent(activityId)}`;
const readBody = (file = '-'): string => readFileSync(file === '-' ? 0 : file, 'utf8');
