// npm run rush: a rush of purchases through many origins at once, and whether it came out exact.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startKafka } from '../local/services/kafka.ts';
import { credentials, startMariadb } from '../local/services/mariadb.ts';
import { startRedis } from '../local/services/redis.ts';
import type { Service } from '../local/services/service.ts';
import { HELP, parseFlags, type RushFlags } from './flags.ts';
import { type Check, judge } from './judge.ts';
import { type Rush, type RushPlaces, runRush } from './run.ts';

const progress = (message: string): void => void process.stderr.write(`… ${message}\n`);

async function main(): Promise<number> {
  const parsed = parseFlags(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (parsed.kind === 'faulty') {
    process.stderr.write(`${parsed.detail}\n\n${HELP}`);
    return 2;
  }
  const { flags } = parsed;
  const rush = await onOwnServices((places) => runRush(places, { ...flags, progress }));
  const checks = judge(rush.evidence);
  process.stdout.write(reportOf(flags, rush, checks));
  if (flags.jsonFile !== undefined) {
    await writeFile(flags.jsonFile, `${JSON.stringify(resultOf(flags, rush, checks), null, 2)}\n`);
  }
  return checks.every(({ held }) => held) ? 0 : 1;
}

async function onOwnServices<T>(work: (places: RushPlaces) => Promise<T>): Promise<T> {
  const dir = resolve('.local', `rush-${process.pid}`);
  await mkdir(dir, { recursive: true });
  progress('Redis, MariaDB and Kafka start');
  const starting = [
    startRedis({ dir: join(dir, 'redis'), appendfsync: 'always' }),
    startMariadb({ dir: join(dir, 'mysql') }),
    startKafka({ dir: join(dir, 'kafka') }),
  ] as const;
  const started: Service[] = [];
  try {
    for (const one of await Promise.allSettled(starting)) {
      if (one.status === 'fulfilled') started.push(one.value);
    }
    const [redis, mysql, kafka] = await Promise.all(starting);
    return await work({
      redis: { host: redis.host, port: redis.port },
      mysql: { host: mysql.host, port: mysql.port, ...credentials },
      bootstrap: `${kafka.host}:${kafka.port}`,
    });
  } finally {
    await Promise.all(started.map((service) => service.stop()));
    await rm(dir, { recursive: true, force: true });
  }
}

function reportOf(flags: RushFlags, rush: Rush, checks: readonly Check[]): string {
  const { attempts, units, origins, seed } = flags;
  const answers = answersOf(rush).map(([answer, count]) => `  ${answer.padEnd(28)} ${count}`);
  const lines = checks.map(
    ({ id, detail, held }) => `  ${held ? 'kept  ' : 'BROKEN'} ${id.padEnd(16)} ${detail}`,
  );
  const rate = (count: number, ms: number) =>
    `${Math.round((1_000 * count) / ms).toLocaleString('en-US')}/s`;
  return `${attempts} attempts of ${origins} origins on ${units} units, seed ${seed}

${answers.join('\n')}

  all decided in ${rush.attemptMs} ms (${rate(attempts, rush.attemptMs)}), sold out after ${rush.soldOutMs} ms
  all written after ${rush.writtenMs} ms (${rush.evidence.rows.length} rows)

${lines.join('\n')}
`;
}

function answersOf({ evidence }: Rush): [string, number][] {
  const all = new Map<string, number>();
  for (const [answer, count] of evidence.told.flatMap(({ answers }) => Object.entries(answers))) {
    all.set(answer, (all.get(answer) ?? 0) + count);
  }
  return [...all].sort(([, one], [, other]) => other - one);
}

function resultOf(flags: RushFlags, rush: Rush, checks: readonly Check[]) {
  const { attempts, units, origins, seed } = flags;
  const { evidence, attemptMs, soldOutMs, writtenMs } = rush;
  return {
    ...{ attempts, units, origins, seed, attemptMs, soldOutMs, writtenMs },
    sold: evidence.redis.sold,
    rows: evidence.rows.length,
    answers: Object.fromEntries(answersOf(rush)),
    checks,
  };
}

process.exitCode = await main();
