// Flags of the commands that people type: help on demand, and a sentence instead of a stack when a
// flag is wrong.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** The flags' values; ends the process with 0 after `--help`, with 2 when a flag is unknown. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(
  options: Options,
  help: string,
) {
  try {
    const { values } = parseArgs({ options });
    if (!process.argv.includes('--help') && !process.argv.includes('-h')) return values;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}
