// Entry point of the origin: reads the environment, starts, and closes on SIGTERM and SIGINT.
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { UnfitDependency } from './dependencies.ts';
import { startOrigin } from './origin.ts';

const HELP = `The origin of the flash-sale gateway.

Usage: node origin/server.ts

Serves the API (ORIGIN_PORT, 8084) and the actuator (ACTUATOR_PORT, 9091), and runs the jobs that
this instance is elected for. Everything is set by environment variables; README.md lists them.
"npm run cli -- config check" shows what is in force.
`;
const CLOSE_DEADLINE_MS = 20_000;

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig();
  const log = pino({ level: config.LOG_LEVEL, base: { instance: config.INSTANCE } });
  const origin = await startOrigin(config, log).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UnfitDependency)
      process.stderr.write(`The origin cannot start:\n${message}\n`);
    else log.fatal({ err: error }, 'the origin cannot start');
    process.exit(1);
  });
  log.info({ url: origin.url, actuatorUrl: origin.actuatorUrl, stack: config.STACK }, 'serving');

  let isClosing = false;
  const close = (signal: NodeJS.Signals): void => {
    if (isClosing) return;
    isClosing = true;
    log.info({ signal }, 'closing');
    setTimeout(() => {
      log.error({ deadlineMs: CLOSE_DEADLINE_MS }, 'closing took too long');
      process.exit(1);
    }, CLOSE_DEADLINE_MS).unref();
    void origin.close().then(
      () => {
        log.info({}, 'closed');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}

await main();
