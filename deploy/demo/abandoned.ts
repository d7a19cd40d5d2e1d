// Ends and removes what a demo that was itself killed has left behind.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from '../local/services/process.ts';
import { LOCAL } from '../stack/places.ts';
import { sweep } from '../stack/stack.ts';

const DEMO_DIR = /^demo-(\d+)$/;

export async function removeAbandoned(): Promise<void> {
  if (!existsSync(LOCAL)) return;
  for (const name of readdirSync(LOCAL)) {
    const pid = DEMO_DIR.exec(name)?.[1];
    if (pid === undefined || birthOf(Number(pid)) !== undefined) continue;
    await sweep(join(LOCAL, name));
    rmSync(join(LOCAL, name), { recursive: true, force: true });
  }
}
