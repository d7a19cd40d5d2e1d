import { parseArgs } from 'node:util';
import { type OriginConfig, readConfig } from '../config.ts';
import type { Command } from './command.ts';

const SECRET = /SECRET|PASSWORD|KEYS/;
const MASK = '********';

export const configCheck: Command = {
  name: 'config check',
  usage: 'config check',
  about: 'Checks the environment and prints what it means, secrets masked.',
  async run(args, output) {
    parseArgs({ args: [...args], options: {} });
    const shown = maskSecrets(readConfig());
    const lines = Object.entries(shown).map(([name, value]) => `${name}=${String(value)}`);
    output.result(shown, lines);
    return 0;
  },
};

/** Every setting by name, with those that must not be read over a shoulder made unreadable. */
export function maskSecrets(config: OriginConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      SECRET.test(name) && value !== '' ? MASK : value,
    ]),
  );
}
