// `config history`: who changed a live setting, when, and what. Reads beside a running origin.
import { parseArgs } from 'node:util';
import type { SettingChange } from '../store/settings-port.ts';
import { type Command, UsageError } from './command.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

const MOST = 1_000;

export const configHistory: Command = {
  name: 'config history',
  usage: 'config history [--dev]',
  about: [
    `Tells the last ${MOST} changes of live settings: when, by whom, and what, oldest first. Of a`,
    'change made without `config set` nobody knows the author.',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const options = { dev: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options,
    });
    if (positionals.length > 0) throw new UsageError('No setting is named: all are told.');
    const store = await openToRead(findDatabase(sourceOf(values)));
    try {
      const changes = await store.settingHistory(MOST);
      const told = changes.map((change) => ({ ...change, at: new Date(change.at).toISOString() }));
      output.result(told, changes.length === 0 ? ['nothing was changed'] : changes.map(lineOf));
      return 0;
    } finally {
      await store.close();
    }
  },
};

const lineOf = ({ at, actor, name, was, text }: SettingChange): string =>
  `${new Date(at).toISOString()}  ${actor}  ${name}: ${was ?? 'default'} → ${text ?? 'default'}`;
