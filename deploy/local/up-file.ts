// What `up` provided, written down for the programs that use it and for `down`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Endpoint, Need, Places, ServiceName } from './needs.ts';

const LOCAL = resolve(import.meta.dirname, '../../.local');
export const UP_FILE = join(LOCAL, 'up.json');
/** Data, logs and process records of the services that run as processes of this machine. */
export const UP_DIR = join(LOCAL, 'up');

export type Provider = { by: 'environment' | 'docker' | 'process'; port?: number };

/** The form of `.local/up.json`; a service that could not be provided is left out. */
export type UpFile = Partial<Places> & { providedBy: Partial<Record<ServiceName, Provider>> };

export const dataDir = (name: ServiceName) => join(UP_DIR, name);

export function readUpFile(): UpFile | undefined {
  return existsSync(UP_FILE) ? JSON.parse(readFileSync(UP_FILE, 'utf8')) : undefined;
}

export function writeUpFile(
  provided: { need: Need; endpoint: Endpoint; provider: Provider }[],
): UpFile {
  const file: UpFile = {
    ...Object.fromEntries(provided.map(({ need, endpoint }) => [need.name, endpoint.place])),
    providedBy: Object.fromEntries(provided.map(({ need, provider }) => [need.name, provider])),
  };
  mkdirSync(LOCAL, { recursive: true });
  writeFileSync(UP_FILE, `${JSON.stringify(file, null, 2)}\n`);
  return file;
}

export function removeUpFile(): void {
  rmSync(UP_FILE, { force: true });
}
