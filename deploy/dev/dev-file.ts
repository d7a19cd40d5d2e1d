// `.local/dev.json`: where a running `npm run dev` can be reached, for tools.
// It stands beside the directory of the data, under the same name.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Secrets } from '../stack/secrets.ts';
import type { Stack } from '../stack/stack.ts';

const fileOf = (dir: string) => `${dir}.json`;

/** Readable by its owner alone, for it names secrets; complete as soon as it is there. */
export function writeDevFile(dev: { dir: string; stack: Stack; secrets: Secrets }): void {
  const { dir, stack } = dev;
  const { jwt, webhook, edgeSignature } = dev.secrets;
  const { edge, origin, actuator, grpc, bridge, redis, liveSettings } = stack;
  const pids = { dev: process.pid, ...stack.pids() };
  const secrets = { jwt, webhook, edgeSignature };
  const text = JSON.stringify(
    {
      edge,
      origin,
      actuator,
      grpc,
      bridge,
      redis: `${redis.host}:${redis.port}`,
      pids,
      secrets,
      liveSettings,
      database: databaseOf(stack),
    },
    null,
    2,
  );
  const file = fileOf(dir);
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${text}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

/** As the origin's store is told of it. */
function databaseOf({ database }: Stack) {
  return database.kind === 'sqlite' ? database : { kind: 'mysql', ...database.places.mysql };
}

export function removeDevFile(dir: string): void {
  rmSync(fileOf(dir), { force: true });
}
