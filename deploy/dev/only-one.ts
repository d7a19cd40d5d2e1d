// Two stacks on one directory would ruin its data, so the first one keeps it. The mark names a
// process together with the moment of its birth: one that was killed does not keep it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from '../local/services/process.ts';

export type Taken =
  | { readonly kind: 'mine'; release(): void }
  | { readonly kind: 'taken'; readonly pid: number };

export function takeDirectory(dir: string): Taken {
  mkdirSync(dir, { recursive: true });
  const mark = join(dir, 'owner');
  const owner = ownerIn(mark);
  if (owner !== undefined && birthOf(owner.pid) === owner.birth) {
    return { kind: 'taken', pid: owner.pid };
  }
  writeFileSync(mark, `${process.pid} ${birthOf(process.pid)}\n`);
  return { kind: 'mine', release: () => rmSync(mark, { force: true }) };
}

function ownerIn(mark: string): { pid: number; birth: string } | undefined {
  try {
    const [pid, ...birth] = readFileSync(mark, 'utf8').trim().split(' ');
    return { pid: Number(pid), birth: birth.join(' ') };
  } catch {
    return undefined;
  }
}
