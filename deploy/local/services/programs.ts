// Finds the programs that the services need, and installs the missing ones where it may.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Program = {
  /** Names under which it is known, the preferred one first. */
  names: string[];
  debian: string[];
  brew: string;
};

const SYSTEM_DIRS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const START_POLICY = '/usr/sbin/policy-rc.d';
const LOCK_WAIT = ['-o', 'DPkg::Lock::Timeout=300'];

export const programs = {
  redis: { names: ['redis-server'], debian: ['redis-server'], brew: 'redis' },
  database: { names: ['mariadbd', 'mysqld'], debian: ['mariadb-server'], brew: 'mariadb' },
  etcd: { names: ['etcd'], debian: ['etcd-server'], brew: 'etcd' },
  java: { names: ['java'], debian: ['openjdk-17-jre-headless'], brew: 'openjdk@17' },
  maven: { names: ['mvn'], debian: ['maven', 'openjdk-17-jre-headless'], brew: 'maven' },
  chromium: { names: ['chromium', 'google-chrome'], debian: ['chromium'], brew: 'chromium' },
  screen: { names: ['Xvfb'], debian: ['xvfb'], brew: 'xquartz' },
} satisfies Record<string, Program>;

/** The program's path; undefined when it is not on this machine. */
export function find(names: string[]): string | undefined {
  const dirs = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_DIRS];
  return names.flatMap((name) => dirs.map((dir) => join(dir, name))).find(isExecutable);
}

// One at a time: package managers lock each other out.
let lastInstall: Promise<unknown> = Promise.resolve();

/** The program's path, after installing it if need be; throws with the command to run by hand. */
export async function provide(program: Program): Promise<string> {
  const install = lastInstall.then(() => find(program.names) ?? installed(program));
  lastInstall = Promise.allSettled([install]);
  return install;
}

async function installed(program: Program): Promise<string> {
  const [name] = program.names;
  const byHand =
    process.platform === 'darwin'
      ? `brew install ${program.brew}`
      : `sudo apt-get install -y ${program.debian.join(' ')}`;
  const missing = new Error(`${name} is not installed; run: ${byHand}`);
  const isMac = process.platform === 'darwin' && find(['brew']) !== undefined;
  const isDebianRoot = process.getuid?.() === 0 && find(['apt-get']) !== undefined;
  if (!isMac && !isDebianRoot) throw missing;
  console.log(`${name}: not found, running ${byHand.replace('sudo ', '')}`);
  if (isMac) await run('brew', ['install', program.brew]);
  else await aptInstall(program.debian);
  const path = find(program.names);
  if (path === undefined) throw missing;
  return path;
}

async function aptInstall(packages: string[]): Promise<void> {
  // Debian starts a server when its package is set up; ours run from this project alone. A
  // start policy that answers 101 forbids it (invoke-rc.d(8)); an existing one is left as it is.
  const ownPolicy = !existsSync(START_POLICY);
  if (ownPolicy) writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await run('apt-get', [...LOCK_WAIT, '-qq', 'update']);
    const flags = [...LOCK_WAIT, '-qq', '-y', '--no-install-recommends'];
    await run('apt-get', [...flags, 'install', ...packages], {
      DEBIAN_FRONTEND: 'noninteractive',
    });
  } finally {
    if (ownPolicy) rmSync(START_POLICY, { force: true });
  }
}

/** Runs a program to its end and returns its output; a failure carries all that it printed. */
export function run(
  command: string,
  args: string[],
  variables: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...variables };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${code}:\n${complaints}${output}`));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
