// Labelled traffic of the project's own, in the form that the replay reads: the same seed makes
// the same corpus. `node deploy/bots/generate.ts --out FILE [--seed N] [--people N] [--bots N]`
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { seededRandom } from '../crowd/random.ts';
import type { Session } from './corpus.ts';
import { drawPerson } from './generator/people.ts';
import { drawScript, FAMILIES, openOperation } from './generator/scripts.ts';

export interface CorpusPlan {
  readonly seed: number;
  readonly people?: number;
  readonly bots?: number;
  /** All of them when absent. */
  readonly families?: readonly string[];
}

const PEOPLE = 600;
const BOTS = 600;

export function generateCorpus({ seed, people = PEOPLE, bots = BOTS, ...plan }: CorpusPlan) {
  const random = seededRandom(seed);
  const families = plan.families ?? Object.keys(FAMILIES);
  const sessions: Session[] = [];
  for (let n = 0; n < people; n += 1) sessions.push(drawPerson(random.fork(n), `p${n}`));
  for (const [index, family] of families.entries()) {
    const operator = openOperation(random.fork(1_000_000 + index));
    const share = Math.round(bots / families.length);
    for (let n = 0; n < share; n += 1) {
      sessions.push(drawScript(operator, `b${index}-${n}`, family));
    }
  }
  return sessions;
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { out: text, seed: text, people: text, bots: text } });
  const number = (value: string | undefined, fallback: number) => Number(value ?? fallback);
  const sessions = generateCorpus({
    seed: number(values.seed, 1),
    people: number(values.people, PEOPLE),
    bots: number(values.bots, BOTS),
  });
  const lines = sessions.map((session) => `${JSON.stringify(session)}\n`).join('');
  if (values.out === undefined) process.stdout.write(lines);
  else writeFileSync(values.out, values.out.endsWith('.gz') ? gzipSync(lines) : lines);
}
