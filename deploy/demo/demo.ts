// `npm run demo`: brings everything up, opens a sale, sends a crowd through the real Worker and
// holds every promise against the database. Leaves nothing behind but the file it was asked for.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { startCrowd } from '../crowd/crowd-process.ts';
import type { CrowdReport } from '../crowd/outcome.ts';
import { birthOf } from '../local/services/process.ts';
import { createActivity, untilSale } from '../stack/admin.ts';
import { LOCAL } from '../stack/places.ts';
import { makeSecrets, type Secrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { removeAbandoned } from './abandoned.ts';
import { readUnits, untilRecorded } from './evidence.ts';
import { type DemoFlags, HELP, parseFlags } from './flags.ts';
import { excessOver, type Look, watchEntries } from './origin-watch.ts';
import { resultsOf } from './results.ts';
import * as transcript from './transcript.ts';
import { type Sale, tallyOf, verdictsOf } from './verdicts.ts';

const SALE_SECONDS = 10;
const RATE = { least: 10, most: 1_000 };
const START_IN_MS = 3_000;
/** Before the start each device is looked at once; this is how many a second are to be. */
const DEVICES_PER_SECOND = 500;
const PROOF_MAX_NUMBER = 200;
const SHOWN_WITHIN_MS = 15_000;
const RECORDED_WITHIN_MS = 20_000;
const RUSH_PER_SECOND = 1_000;
const GIVE_UP_MS = 60_000;

const parsed = parseFlags(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(HELP);
} else if (parsed.kind === 'faulty') {
  process.stderr.write(`${parsed.detail}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  process.exitCode = await runDemo(parsed.flags);
}

async function runDemo(flags: DemoFlags): Promise<number> {
  const dir = join(LOCAL, `demo-${process.pid}`);
  const secrets = makeSecrets();
  const interrupted = Promise.withResolvers<never>();
  const onSignal = () => interrupted.reject(new Error('interrupted'));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, onSignal);
  const ending = new AbortController();
  const starting = begin({ flags, dir, secrets });
  try {
    const stack = await Promise.race([starting, interrupted.promise]);
    return await Promise.race([
      openSale({ flags, stack, secrets, signal: ending.signal }),
      interrupted.promise,
    ]);
  } catch (error) {
    process.stderr.write(`\n${pc.red(error instanceof Error ? error.message : String(error))}\n`);
    return 1;
  } finally {
    ending.abort();
    // A start cannot be cut off half-way: its parts are ended when it is done, or has failed.
    const [started] = await Promise.allSettled([starting]);
    if (started.status === 'fulfilled') await started.value.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function begin(plan: { flags: DemoFlags; dir: string; secrets: Secrets }): Promise<Stack> {
  const { kind, seed } = plan.flags;
  transcript.say(`${pc.bold('flash sale')} · ${kind} stack · seed ${seed}\n`);
  await removeAbandoned();
  const began = performance.now();
  return startStack({
    kind,
    dir: plan.dir,
    secrets: plan.secrets,
    // One machine works out the proofs of all: each is made short.
    edgeVars: { PROOF_MAX_NUMBER: String(PROOF_MAX_NUMBER) },
    onReady: ({ name, service }) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const { url, host, port } = service();
      transcript.say(`  ${name.padEnd(8)}${(url ?? `${host}:${port}`).padEnd(28)}${seconds} s`);
    },
  });
}

async function openSale(demo: {
  flags: DemoFlags;
  stack: Stack;
  secrets: Secrets;
  signal: AbortSignal;
}): Promise<number> {
  const { flags, stack, secrets, signal } = demo;
  const { buyers, bots, stock } = flags;
  const pids = Object.values(stack.pids());
  const wantedRate = Math.ceil(stock / SALE_SECONDS);
  const ratePerSecond = Math.min(RATE.most, Math.max(RATE.least, wantedRate));
  const pace = { ratePerSecond, capacity: Math.min(stock, ratePerSecond) };
  const skuId = `demo_${flags.seed}`;
  const startAt = Date.now() + START_IN_MS + ((buyers + bots) * 1_000) / DEVICES_PER_SECOND;
  const activityId = await createActivity(stack.edge, {
    ...{ skuId, title: 'Demo', stock, price: 1_999, ...pace },
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(startAt + 10 * GIVE_UP_MS).toISOString(),
    draw: false,
  });
  const states = ['SCHEDULED', 'LOADED', 'RUNNING'];
  await untilSale(stack.edge, { skuId, states, withinMs: SHOWN_WITHIN_MS });
  transcript.sayHeading(
    `${stock} units · ${ratePerSecond} turns a second · ${buyers} people · ${bots} scripts`,
  );
  const watching = new AbortController();
  const looking = watchEntries(stack.actuator, AbortSignal.any([watching.signal, signal]));
  const report = await sendCrowd({ flags, stack, secrets, skuId, startAt, signal });
  watching.abort();
  const looks = await looking;
  return judge({ flags, stack, activityId, skuId, report, pace, looks, pids });
}

async function sendCrowd(sale: {
  flags: DemoFlags;
  stack: Stack;
  secrets: Secrets;
  skuId: string;
  startAt: number;
  signal: AbortSignal;
}): Promise<CrowdReport> {
  const { flags, stack, secrets, skuId, startAt } = sale;
  const { buyers, bots, seed } = flags;
  const rushMs = Math.max(2_000, (1_000 * buyers) / RUSH_PER_SECOND);
  const { edge, origin } = stack;
  transcript.sayColumns();
  const plan = {
    ...{ edge, origin, skuId, jwtSecret: secrets.jwt, people: buyers, bots, seed, startAt, rushMs },
    opensAt: Date.now(),
    givesUpAt: startAt + rushMs + GIVE_UP_MS,
  };
  const crowd = startCrowd(plan, transcript.progressLine(startAt));
  sale.signal.addEventListener('abort', () => void crowd.stop());
  return crowd.report;
}

async function judge(after: {
  flags: DemoFlags;
  stack: Stack;
  activityId: string;
  skuId: string;
  report: CrowdReport;
  pace: { ratePerSecond: number; capacity: number };
  looks: readonly Look[];
  pids: readonly number[];
}): Promise<number> {
  const { flags, stack, activityId, skuId, report, pace, looks, pids } = after;
  const orderIds = new Set(report.confirmed.map(({ orderId }) => orderId));
  const { database } = stack;
  const order = { database, activityId, orderIds, withinMs: RECORDED_WITHIN_MS };
  const rows = await untilRecorded(order);
  const evidence = { rows, redis: await readUnits(stack.redis, skuId) };
  const sale: Sale = { stock: flags.stock, limitPerUser: 1, isWanted: flags.buyers >= flags.stock };
  const tally = tallyOf(sale, report, evidence);
  const entries = { seen: looks.at(-1)?.entries ?? 0, excess: excessOver(pace, looks) };
  const areAllAlive = pids.every((pid) => birthOf(pid) !== undefined);
  const verdicts = verdictsOf({ sale, tally, report, entries, areAllAlive });
  transcript.sayFunnel(report, tally);
  transcript.sayScripts(report.bots);
  transcript.sayLatency(report);
  transcript.sayVerdicts(verdicts);
  if (flags.jsonFile !== undefined) {
    const results = resultsOf({ stock: flags.stock, tally, report, verdicts });
    writeFileSync(flags.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  }
  return verdicts.every(({ held }) => held) ? 0 : 1;
}
