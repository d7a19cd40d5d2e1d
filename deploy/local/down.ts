import { rmSync } from 'node:fs';
import { composeDown } from './compose.ts';
import { readFlags } from './flags.ts';
import { needs } from './needs.ts';
import { endProcess, runningIn } from './services/process.ts';
import { dataDir, readUpFile, removeUpFile, UP_DIR } from './up-file.ts';

const HELP = `npm run down [-- --wipe]

Stops exactly what "npm run up" started: its processes and containers. What the environment named
is left alone. Data stays for the next "up".

  --wipe   remove the data as well
`;

const STOP_WITHIN_MS = 30_000;

const values = readFlags(
  { help: { type: 'boolean', short: 'h' }, wipe: { type: 'boolean' } },
  HELP,
);
await takeDown(values.wipe ? 'wipe-data' : 'keep-data');

async function takeDown(data: 'keep-data' | 'wipe-data'): Promise<void> {
  const providers = Object.values(readUpFile()?.providedBy ?? {});
  await Promise.all(
    needs.map(async ({ name }) => {
      const running = runningIn(dataDir(name));
      if (running === undefined) return;
      await endProcess({ pid: running.pid, signal: 'SIGTERM', withinMs: STOP_WITHIN_MS });
      console.log(`${name} stopped`);
    }),
  );
  if (providers.some(({ by }) => by === 'docker')) {
    await composeDown(data);
    console.log('containers stopped');
  }
  removeUpFile();
  if (data === 'wipe-data') rmSync(UP_DIR, { recursive: true, force: true });
  console.log(data === 'wipe-data' ? 'down, data removed' : 'down');
}
