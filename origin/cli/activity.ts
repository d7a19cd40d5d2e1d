// `activity create`, `get`, `list`, `replace`, `delete`, `pause`, `resume` and `end`: the origin's
// own calls.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { callActivities, DEV, findTag } from './call-activities.ts';
import { type Command, UsageError } from './command.ts';
import type { TargetSource } from './target.ts';

const ID_NEEDED = 'An activity id is needed.';

const activityCreate: Command = {
  name: 'activity create',
  usage: 'activity create <file.json | -> [--dev]',
  about: [
    'Creates an activity from its JSON (API.md, "Activities"); `-` reads it from stdin.',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, ['A file with the JSON of an activity is needed.']);
    const body = readBody(words[0]);
    return await callActivities({ source, method: 'POST', path: '', body }, output);
  },
};

const activityGet: Command = {
  name: 'activity get',
  usage: 'activity get <activityId> [--dev]',
  about: ['Shows an activity.', '', DEV].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED]);
    return await callActivities({ source, method: 'GET', path: pathOf(words[0]) }, output);
  },
};

const activityList: Command = {
  name: 'activity list',
  usage: 'activity list [--state STATE] [--sku SKU] [--limit N] [--cursor CURSOR] [--dev]',
  about: ['Lists activities, newest first; `nextCursor` leads to the next page.', '', DEV].join(
    '\n',
  ),
  async run(args, output) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ dev: { type: 'boolean' }, state: { type: 'string' }, sku: { type: 'string' } },
        ...{ limit: { type: 'string' }, cursor: { type: 'string' } },
      },
    });
    const query = new URLSearchParams();
    for (const [name, value] of [
      ['state', values.state],
      ['skuId', values.sku],
      ['limit', values.limit],
      ['cursor', values.cursor],
    ] as const) {
      if (typeof value === 'string') query.set(name, value);
    }
    const source: TargetSource = values.dev === true ? 'dev' : 'environment';
    const path = query.size === 0 ? '' : `?${query}`;
    return await callActivities({ source, method: 'GET', path }, output);
  },
};

const activityReplace: Command = {
  name: 'activity replace',
  usage: 'activity replace <activityId> <file.json | -> [--dev]',
  about: ['Replaces the terms of an activity as it stands now by those in the file.', '', DEV].join(
    '\n',
  ),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED, 'A file with the new JSON is needed.']);
    const body = readBody(words[1]);
    const path = pathOf(words[0]);
    const ifMatch = (await findTag(source, path)) ?? '*';
    return await callActivities({ source, method: 'PUT', path, body, ifMatch }, output);
  },
};

const activityDelete: Command = {
  name: 'activity delete',
  usage: 'activity delete <activityId> [--dev]',
  about: ['Deletes an activity that is not live; end it before.', '', DEV].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED]);
    const path = pathOf(words[0]);
    const ifMatch = (await findTag(source, path)) ?? '*';
    return await callActivities({ source, method: 'DELETE', path, ifMatch }, output);
  },
};

const move = (to: 'pause' | 'resume' | 'end', about: string): Command => ({
  name: `activity ${to}`,
  usage: `activity ${to} <activityId> [--dev]`,
  about: [about, '', DEV].join('\n'),
  async run(args, output) {
    const { source, words } = parse(args, [ID_NEEDED]);
    return await callActivities(
      { source, method: 'POST', path: `${pathOf(words[0])}/${to}` },
      output,
    );
  },
});

export const activityCommands: readonly Command[] = [
  activityCreate,
  activityGet,
  activityList,
  activityReplace,
  activityDelete,
  move('pause', 'Nobody enters until it is resumed; places and held orders keep.'),
  move('resume', 'Goes on selling.'),
  move('end', 'Ends an activity now; its pending orders may still be paid.'),
];

/** Exactly as many words as there are `missing` texts for them. */
function parse(args: readonly string[], missing: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' } },
  });
  const text = missing[positionals.length];
  if (text !== undefined) throw new UsageError(text);
  if (positionals.length > missing.length) throw new UsageError('That are too many words.');
  const source: TargetSource = values.dev ? 'dev' : 'environment';
  return { words: positionals, source };
}

const pathOf = (activityId = ''): string => `/${encodeURIComponent(activityId)}`;
const readBody = (file = '-'): string => readFileSync(file === '-' ? 0 : file, 'utf8');
