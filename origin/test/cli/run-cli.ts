// The CLI as a process: its output and its exit code.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../cli/cli.ts');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCli(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { promise, resolve: end } = Promise.withResolvers<Ended>();
  const options = { env: { PROFILE: 'testing', ...env } };
  const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) => {
    end({ code: child.exitCode ?? -1, stdout, stderr });
  });
  return promise;
}
