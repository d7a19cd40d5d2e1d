// Which version of the code this process runs.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface BuildInfo {
  readonly version: string;
  /** Of the work tree that the process was started in; `unknown` outside one. */
  readonly commit: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
const COMMIT = /^[0-9a-f]{40}$/;

export function readBuildInfo(): BuildInfo {
  const manifest: unknown = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return {
    version: hasVersion ? String(manifest.version) : 'unknown',
    commit: readCommit() ?? 'unknown',
  };
}

function readCommit(): string | undefined {
  const head = readGit('HEAD');
  const ref = head?.startsWith('ref: ') ? head.slice(5) : undefined;
  if (ref === undefined) return commitIn(head);
  return commitIn(readGit(ref)) ?? commitIn(packedLine(ref));
}

function packedLine(ref: string): string | undefined {
  const lines = readGit('packed-refs')?.split('\n') ?? [];
  return lines.find((line) => line.endsWith(` ${ref}`))?.slice(0, 40);
}

const commitIn = (text: string | undefined): string | undefined =>
  text !== undefined && COMMIT.test(text) ? text : undefined;

function readGit(path: string): string | undefined {
  try {
    return readFileSync(resolve(ROOT, '.git', path), 'utf8').trim();
  } catch {
    return undefined;
  }
}
