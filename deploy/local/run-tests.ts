// `npm test`: the checks, then every test; the last line is the count, "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import pc from 'picocolors';
import { countResults } from './test-results.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const REPORT = join(ROOT, '.local/test-report.json');

process.chdir(ROOT);
const failedChecks = checkSteps().filter((step) => !succeeds(step));
const results = runVitest(process.argv.slice(2));
const failed = failedChecks.length + results.failed;
for (const step of failedChecks) console.log(pc.red(`check failed: ${step}`));
for (const name of results.failures) console.log(pc.red(`test failed: ${name}`));
for (const name of results.skipped) console.log(pc.yellow(`skipped: ${name}`));
console.log(`${results.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The commands of `npm run check`, each to be told apart when it fails. */
function checkSteps(): string[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  return String(manifest.scripts.check).split(' && ');
}

function succeeds(command: string): boolean {
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env: withBinaries() });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? pc.green('ok') : pc.red('failed')} ${command} ${seconds} s`);
  return status === 0;
}

function runVitest(args: string[]) {
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  // kafkajs asks for timers in the past and Node would say so each time.
  const quiet = `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`;
  const { status } = spawnSync('vitest', ['run', ...reporters, ...args], {
    stdio: 'inherit',
    env: { ...withBinaries(), NODE_OPTIONS: quiet.trim() },
  });
  return countResults({
    report: existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : undefined,
    exitCode: status ?? 1,
    isSkippedAllowed: !process.env.CI,
  });
}

function withBinaries(): NodeJS.ProcessEnv {
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}
