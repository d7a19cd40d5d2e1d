import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { storeTarget } from '../store/target.ts';
import type { Command } from './command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: 'migrate',
  about: "Brings the database's schema up to date. Repeatable.",
  async run(args, output) {
    parseArgs({ args: [...args], options: {} });
    const target = storeTarget(readConfig());
    // Loaded here: no other command needs the database's libraries, which take a second.
    const { migrate } = await import('../store/migrate.ts');
    const migrated = await migrate(target);
    const place = target.kind === 'sqlite' ? target.file : `${target.host}:${target.port}`;
    output.result({ database: place, migrated }, [
      ...migrated.map((name) => `ran ${name}`),
      `${place} is up to date`,
    ]);
    return 0;
  },
};
