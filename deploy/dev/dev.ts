// `npm run dev`: a stack that stays, on data that stays. Prints where everything is, keeps its
// parts running, and ends in order.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { preferPort } from '../local/services/ports.ts';
import { readUpFile } from '../local/up-file.ts';
import { LOCAL } from '../stack/places.ts';
import { keepSecrets } from '../stack/secrets.ts';
import { type Stack, startStack, sweep } from '../stack/stack.ts';
import { removeDevFile, writeDevFile } from './dev-file.ts';
import { openFirstSale } from './first-sale.ts';
import { takeDirectory } from './only-one.ts';
import { supervise } from './supervise.ts';

const HELP = `Runs the whole gateway on this machine and stays.

Usage: npm run dev [-- --full] [-- --fresh]

  --full    on MariaDB, Kafka and etcd too: those of "npm run up" when they run, else its own
  --fresh   starts anew, without the data of earlier runs
  --help    this text

Data is kept in .local/dev and gone on from, after any kind of end. Where everything is
stands in .local/dev.json while it runs. Ctrl-C ends it.
`;

const DIR = join(LOCAL, 'dev');
const USUAL_PORTS = { edge: 8787, origin: 8084, actuator: 9091 };

const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) process.stdout.write(HELP);
else process.exitCode = await runDev();

async function runDev(): Promise<number> {
  const end = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => end.abort(name));
  }
  const kind = flags.full ? 'full' : 'embedded';
  const dir = join(DIR, kind);
  const lock = takeDirectory(DIR);
  if (lock.kind === 'taken') {
    console.error(`another "npm run dev" is running (process ${lock.pid})`);
    return 1;
  }
  let stack: Stack | undefined;
  try {
    removeDevFile();
    await sweep(dir);
    if (flags.fresh) rmSync(dir, { recursive: true, force: true });
    stack = await start({ kind, dir });
    if (!end.signal.aborted) await stay(stack, end.signal);
    return 0;
  } catch (error) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    return 1;
  } finally {
    removeDevFile();
    if (stack !== undefined) {
      console.log(pc.dim('ending…'));
      await stack.stop();
    }
    lock.release();
  }
}

async function start({ kind, dir }: { kind: 'embedded' | 'full'; dir: string }): Promise<Stack> {
  const secrets = keepSecrets(join(DIR, 'secrets.json'));
  const ports = {
    edge: await preferPort(USUAL_PORTS.edge),
    origin: await preferPort(USUAL_PORTS.origin),
    actuator: await preferPort(USUAL_PORTS.actuator),
  };
  const up = kind === 'full' ? readUpFile() : undefined;
  const places =
    up?.redis && up.mysql && up.kafka && up.etcd
      ? { redis: up.redis, mysql: up.mysql, kafka: up.kafka, etcd: up.etcd }
      : undefined;
  const stack = await startStack({ kind, dir, secrets, ports, ...(places && { places }) });
  const { edge, origin, actuator, redis } = stack;
  console.log(`edge ${edge}\norigin ${origin}\nactuator ${actuator}`);
  console.log(`redis ${redis.host}:${redis.port}`);
  writeDevFile(stack, secrets);
  console.log(`page ${await openFirstSale(edge)}`);
  return stack;
}

async function stay(stack: Stack, signal: AbortSignal): Promise<void> {
  const secrets = keepSecrets(join(DIR, 'secrets.json'));
  await supervise({
    parts: stack.parts,
    signal,
    onEnded: ({ name, service }) =>
      console.log(pc.yellow(`${name} (process ${service().pid}) has ended, starting it again`)),
    onRestarted: ({ name, service }) => {
      console.log(`${name} is back (process ${service().pid})`);
      writeDevFile(stack, secrets);
    },
  });
}
