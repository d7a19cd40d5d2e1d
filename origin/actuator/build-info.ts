// Which version of the code this process runs.
import { readFileSync } from 'node:fs';

export interface BuildInfo {
  readonly version: string;
  /** Of the work tree that the process was started in; `unknown` outside one. */
  readonly commit: string;
}

const ROOT = new URL('../../', import.meta.url);
const COMMIT = /^[0-9a-f]{40}$/;

export function readBuildInfo(): BuildInfo {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
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
    return readFileSync(new URL(`.git/${path}`, ROOT), 'utf8').trim();
  } catch {
    return undefined;
  }
}
