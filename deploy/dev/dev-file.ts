// `.local/dev.json`: where a running `npm run dev` can be reached, for tools (API.md, "For tools").
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL } from '../stack/places.ts';
import type { Secrets } from '../stack/secrets.ts';
import type { Stack } from '../stack/stack.ts';

export const DEV_FILE = join(LOCAL, 'dev.json');

/** Readable by its owner alone, for it names secrets; complete as soon as it is there. */
export function writeDevFile(stack: Stack, { jwt, webhook, edgeSignature }: Secrets): void {
  const { edge, origin, actuator, bridge, redis } = stack;
  const pids = { dev: process.pid, ...stack.pids() };
  const secrets = { jwt, webhook, edgeSignature };
  const text = JSON.stringify(
    { edge, origin, actuator, bridge, redis: `${redis.host}:${redis.port}`, pids, secrets },
    null,
    2,
  );
  mkdirSync(LOCAL, { recursive: true });
  const unfinished = `${DEV_FILE}.${process.pid}`;
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600 });
  renameSync(unfinished, DEV_FILE);
}

export function removeDevFile(): void {
  rmSync(DEV_FILE, { force: true });
}
