// `activity history`: who changed an activity, when, and what. Reads beside a running origin.
import { parseArgs } from 'node:util';
import type { ActivityChange } from '../store/activities-port.ts';
import { type Command, UsageError } from './command.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

export const activityHistory: Command = {
  name: 'activity history',
  usage: 'activity history <activityId> [--dev]',
  about: [
    'Tells every change of an activity: when, by whom, and what, oldest first.',
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
      const changes = await store.activityHistory(activityId);
      if (changes.length === 0) {
        output.fault(`There is no activity ${activityId}.`);
        return 1;
      }
      const told = changes.map((change) => ({ ...change, at: new Date(change.at).toISOString() }));
      output.result(told, changes.map(lineOf));
      return 0;
    } finally {
      await store.close();
    }
  },
};

function lineOf({ at, actor, action, version, diff }: ActivityChange): string {
  const members = Object.entries(diff).map(([name, [before, after]]) => {
    const now = textOf(name, after);
    return `${name}: ${before === null ? now : `${textOf(name, before)} → ${now}`}`;
  });
  const head = `${new Date(at).toISOString()}  ${actor}  ${action}  version ${version}`;
  return members.length === 0 ? head : `${head}  ${members.join(', ')}`;
}

/** Times are kept as epoch milliseconds, which nobody reads. */
function textOf(name: string, value: unknown): string {
  const isTime = name.endsWith('At') && typeof value === 'number';
  return isTime ? new Date(value).toISOString() : (JSON.stringify(value) ?? '');
}
