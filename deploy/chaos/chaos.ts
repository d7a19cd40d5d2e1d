// `npm run chaos`: runs, one after the other; a table for people, a file for machines.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { LOCAL } from '../stack/places.ts';
import { type ChaosFlags, HELP, parseFlags } from './flags.ts';
import { planOf } from './plan.ts';
import { type RunResult, runOnce } from './run.ts';

const COLUMNS =
  '    seed  answered201  rows  oversold  lost  duplicates  overLimit  leaked  seconds  faults';

const parsed = parseFlags(process.argv.slice(2));
if (parsed.kind === 'help') {
  process.stdout.write(HELP);
} else if (parsed.kind === 'faulty') {
  process.stderr.write(`${parsed.detail}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  // Buyers of a run that was cut off may still be waiting for answers.
  process.exit(await runAll(parsed.flags));
}

async function runAll({ kind, runs, seed: first, jsonFile }: ChaosFlags): Promise<number> {
  const home = join(LOCAL, `chaos-${process.pid}`);
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => ending.abort());
  }
  const results: RunResult[] = [];
  let failures = 0;
  say(COLUMNS);
  for (let seed = first; seed < first + runs && !ending.signal.aborted; seed += 1) {
    const began = performance.now();
    const tell = (text: string) => {
      const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
      process.stderr.write(pc.dim(`${seed} ${seconds} s  ${text}\n`));
    };
    try {
      const dir = join(home, String(seed));
      const plan = planOf(seed, kind);
      const result = await runOnce({ plan, kind, dir, tell, signal: ending.signal });
      results.push(result);
      sayRun(result);
      if (result.broken.length > 0) failures += 1;
    } catch (error) {
      failures += 1;
      say(`${String(seed).padStart(8)}  ${pc.red(String(error))}`);
    }
    // After each run: what is known stays known, however the next one ends.
    if (jsonFile !== undefined)
      writeFileSync(jsonFile, `${JSON.stringify({ runs: results }, null, 2)}\n`);
  }
  if (failures === 0) rmSync(home, { recursive: true, force: true });
  else say(`\n${failures} of ${runs} runs failed; their logs are in ${home}`);
  return failures === 0 ? 0 : 1;
}

function sayRun(run: RunResult): void {
  const cell = (value: number, width: number) => String(value).padStart(width);
  const { seed, answered201, rows, oversold, lost, duplicates, overLimit, leaked, seconds } = run;
  const faults = run.faults.map(({ target, action }) => `${action} ${target}`).join(', ');
  say(
    [
      ...[cell(seed, 8), cell(answered201, 13), cell(rows, 6), cell(oversold, 10), cell(lost, 6)],
      ...[cell(duplicates, 12), cell(overLimit, 11), cell(leaked, 8), cell(seconds, 9)],
      `  ${pc.dim(faults)}`,
    ].join(''),
  );
  for (const text of run.broken) say(`          ${pc.red(text)}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
