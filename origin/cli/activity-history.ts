// `activity history`: who changed an activity, when, and what. Reads beside a running origin.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import type { ActivityChange } from '../store/activities-port.ts';
import { storeTarget } from '../store/target.ts';
import { type Command, UsageError } from './command.ts';
import { openToRead } from './open-to-read.ts';

export const activityHistory: Command = {
  name: 'activity history',
  usage: 'activity history <activityId>',
  about: 'Tells every change of an activity: when, by whom, and what, oldest first.',
  async run(args, output) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [activityId, ...rest] = positionals;
    if (activityId === undefined || rest.length > 0) {
      throw new UsageError('An activity id is needed.');
    }
    const store = await openToRead(storeTarget(readConfig()));
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
    return before === null
      ? `${name}: ${textOf(after)}`
      : `${name}: ${textOf(before)} → ${textOf(after)}`;
  });
  const head = `${new Date(at).toISOString()}  ${actor}  ${action}  version ${version}`;
  return members.length === 0 ? head : `${head}  ${members.join(', ')}`;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';
