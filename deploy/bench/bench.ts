// npm run bench: each figure as a ratio against the bare engine, measured in the same run.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFlags } from '../local/flags.ts';
import { edge } from './edge.ts';
import { growth } from './growth.ts';
import { memory } from './memory.ts';
import { relay } from './relay.ts';
import { reservations } from './reservations.ts';
import { type Bench, type BenchResult, lineOf, reportOf } from './result.ts';
import { writer } from './writer.ts';

const HELP = `Measures hot paths, each against the bare engine in the same run.

Usage: npm run bench [-- --only NAME] [--json FILE]

  --only NAME   one of:
                reservations  stock taken in Redis, by setting of durability
                growth        the same with many activities, many orders, a long line
                relay         outbox into Kafka
                writer        order log into MariaDB
                memory        Redis, per order and per waiting person
                edge          answers of the Worker in bare workerd
  --json FILE   writes the results as JSON too
  --help        shows this

Services are started for it and removed afterwards. Rates of a machine on which others work say
little; ratios say more. Nothing here is a timed test: a missed budget is printed, not an error.
Ends with 1 only where something could not be measured at all.
`;

async function main(): Promise<number> {
  const values = readFlags(
    {
      only: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    HELP,
  );
  const all: readonly Bench[] = [reservations, growth, relay, writer, memory, edge];
  const chosen = all.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    process.stderr.write(`No benchmark is called "${values.only}".\n\n${HELP}`);
    return 2;
  }
  const results: BenchResult[] = [];
  let failures = 0;
  for (const bench of chosen) {
    const dir = join('.local', `bench-${process.pid}`, bench.name);
    await mkdir(dir, { recursive: true });
    try {
      const progress = (message: string): void => void process.stderr.write(`… ${message}\n`);
      const measured = await bench.run({ dir, progress });
      process.stdout.write(measured.map((result) => `${lineOf(result)}\n`).join(''));
      results.push(...measured);
    } catch (error) {
      // What the others have to say is worth as much.
      failures += 1;
      process.stderr.write(`${bench.name} could not be measured: ${error}\n`);
    } finally {
      await rm(join('.local', `bench-${process.pid}`), { recursive: true, force: true });
    }
  }
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(reportOf(results), null, 2)}\n`);
  }
  return failures > 0 ? 1 : 0;
}

process.exitCode = await main();
