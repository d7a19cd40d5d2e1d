// `npm run dev`: a stack that stays, on data that stays. Prints where everything is, keeps its
// parts running, and ends in order.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { readFlags } from '../local/flags.ts';
import { preferPort } from '../local/services/ports.ts';
import { readUpFile } from '../local/up-file.ts';
import { LOCAL } from '../stack/places.ts';
import { keepSecrets, type Secrets } from '../stack/secrets.ts';
import { type Stack, startStack, sweep } from '../stack/stack.ts';
import { removeDevFile, writeDevFile } from './dev-file.ts';
import { openFirstSale } from './first-sale.ts';
import { takeDirectory } from './only-one.ts';
import { supervise } from './supervise.ts';

const HELP = `Runs the whole gateway on this machine and stays.

Usage: npm run dev [-- flags]

  --full    on MariaDB, Kafka and etcd too: those of "npm run up" when they run, else its own
  --fresh   starts anew, without the data of earlier runs
  --dir DIR where data is kept and gone on from, after any kind of end   [.local/dev]
  --free-ports
            leaves the usual ports to another one, also where they are free
  --help    this text

Where everything is stands in DIR.json while it runs. Ctrl-C ends it.
`;

const USUAL_PORTS = { edge: 8787, origin: 8084, actuator: 9091, grpc: 9094 };

const flags = readFlags(
  {
    full: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    dir: { type: 'string', default: join(LOCAL, 'dev') },
    'free-ports': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
  HELP,
);
process.exitCode = await runDev();

async function runDev(): Promise<number> {
  const end = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => end.abort(name));
  }
  const kind = flags.full ? 'full' : 'embedded';
  const dir = resolve(flags.dir);
  const data = join(dir, kind);
  const lock = takeDirectory(dir);
  if (lock.kind === 'taken') {
    console.error(`another "npm run dev" is running (process ${lock.pid})`);
    return 1;
  }
  let stack: Stack | undefined;
  try {
    removeDevFile(dir);
    await sweep(data);
    if (flags.fresh) rmSync(data, { recursive: true, force: true });
    const secrets = keepSecrets(join(dir, 'secrets.json'));
    stack = await start({ kind, data, secrets });
    if (!end.signal.aborted) await stay({ dir, stack, secrets, signal: end.signal });
    return 0;
  } catch (error) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    return 1;
  } finally {
    removeDevFile(dir);
    if (stack !== undefined) {
      console.log(pc.dim('ending…'));
      await stack.stop();
    }
    lock.release();
  }
}

async function start(plan: {
  kind: 'embedded' | 'full';
  data: string;
  secrets: Secrets;
}): Promise<Stack> {
  const { kind, data, secrets } = plan;
  const ports = flags['free-ports'] ? {} : await usualPorts();
  const up = kind === 'full' ? readUpFile() : undefined;
  const places =
    up?.redis && up.mysql && up.kafka && up.etcd
      ? { redis: up.redis, mysql: up.mysql, kafka: up.kafka, etcd: up.etcd }
      : undefined;
  return startStack({
    kind,
    dir: data,
    secrets,
    ports,
    ...(places && { places, redis: places.redis }),
  });
}

const usualPorts = async () => ({
  edge: await preferPort(USUAL_PORTS.edge),
  origin: await preferPort(USUAL_PORTS.origin),
  actuator: await preferPort(USUAL_PORTS.actuator),
  grpc: await preferPort(USUAL_PORTS.grpc),
});

async function stay(dev: {
  dir: string;
  stack: Stack;
  secrets: Secrets;
  signal: AbortSignal;
}): Promise<void> {
  const { stack, signal } = dev;
  const { edge, origin, actuator, grpc, gateway, redis } = stack;
  console.log(`edge ${edge}\norigin ${origin}\nactuator ${actuator}\ngrpc ${grpc}`);
  console.log(`gateway ${gateway}`);
  console.log(`redis ${redis.host}:${redis.port}`);
  writeDevFile(dev);
  console.log(`page ${await openFirstSale(edge)}`);
  await supervise({
    parts: stack.parts,
    signal,
    onEnded: ({ name, service }) =>
      console.log(pc.yellow(`${name} (process ${service().pid}) has ended, starting it again`)),
    onRestarted: ({ name, service }) => {
      console.log(`${name} is back (process ${service().pid})`);
      writeDevFile(dev);
    },
  });
}
