// Processes by id, told apart from later ones that got the same id by the moment of their birth.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type ProcessRecord = { name: string; host: string; port: number; pid: number };

const POLL_MS = 20;
const recordPath = (dir: string) => join(dir, 'process.json');

/** When the process started, in the system's own words; undefined when it does not run. */
export function birthOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.stdout.trim() || undefined;
  }
  try {
    // proc(5): the name stands in parentheses and may hold spaces; state and start time follow.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Its first thread may be a zombie while others still end and hold its ports.
    const isGone = fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1;
    return isGone ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Sends `signal`, waits until the process is gone, and kills it when that takes too long. */
export async function endProcess(order: {
  pid: number;
  signal: NodeJS.Signals;
  withinMs: number;
}): Promise<void> {
  const birth = birthOf(order.pid);
  if (birth === undefined) return;
  process.kill(order.pid, order.signal);
  const deadline = Date.now() + order.withinMs;
  while (birthOf(order.pid) === birth) {
    if (Date.now() >= deadline) process.kill(order.pid, 'SIGKILL');
    await pause(POLL_MS);
  }
}

export function recordProcess(dir: string, record: ProcessRecord): void {
  writeFileSync(recordPath(dir), JSON.stringify({ ...record, birth: birthOf(record.pid) }));
}

/** The process recorded in `dir`, if that very one still runs. */
export function runningIn(dir: string): ProcessRecord | undefined {
  const record = lastRecordIn(dir);
  if (record?.birth === undefined || birthOf(record.pid) !== record.birth) return undefined;
  return record;
}

/** The last process that was started in `dir`, whether it still runs or not. */
export function lastRecordIn(dir: string): (ProcessRecord & { birth?: string }) | undefined {
  const path = recordPath(dir);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
