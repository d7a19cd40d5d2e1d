// What a person sees of a demo: one line that moves on a terminal, plain lines elsewhere, then the
// funnel, the latencies and the verdicts.
import pc from 'picocolors';
import type { BotOutcome, CrowdProgress, CrowdReport, PersonOutcome } from '../crowd/outcome.ts';
import { percentile } from '../crowd/outcome.ts';
import type { Tally, Verdict } from './verdicts.ts';

const isTerminal = process.stdout.isTTY === true;
const number = (value: number) => value.toLocaleString('en');
const cell = (value: number, width = 7) => number(value).padStart(width);

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function sayHeading(text: string): void {
  say(`\n${pc.bold(text)}`);
}

const COLUMNS = '  second  requests   asking  in line   bought  too late    bots';

export function sayColumns(): void {
  process.stdout.write(pc.dim(COLUMNS));
  if (!isTerminal) say();
}

/** One line a second; on a terminal the line of the running second is drawn over. */
export function progressLine(startAt: number): (progress: CrowdProgress) => void {
  let lastSecond = Number.NaN;
  return (progress) => {
    const second = Math.floor((Date.now() - startAt) / 1000);
    const line = lineOf(second, progress);
    const isNew = second !== lastSecond;
    if (isTerminal) process.stdout.write(`${isNew ? '\n' : '\r'}${line}`);
    else if (isNew) say(line);
    lastSecond = second;
  };
}

function lineOf(second: number, { people, requests, botsDone }: CrowdProgress): string {
  const tooLate = people['sold-out'] + people.ended;
  const counts = [people.asking, people.waiting, people.bought].map((value) => cell(value, 9));
  return `${cell(second, 8)}${cell(requests, 10)}${counts.join('')}${cell(tooLate, 10)}${cell(botsDone, 8)}`;
}

export function sayFunnel(report: CrowdReport, tally: Tally): void {
  const { people, bots, requests, confirmed } = report;
  const has = (what: keyof PersonOutcome['met']) => people.filter(({ met }) => met[what]).length;
  const bought = new Set(confirmed.map(({ orderId }) => orderId)).size;
  const rows: [string, number, string][] = [
    ['requests', requests, 'by people and scripts, polls and repeats included'],
    ['people', people.length, `${number(has('line'))} were given a place in line first`],
    ['challenged', has('challenge'), 'people who had to work out a longer sum'],
    ['refused', has('refusal'), 'people who were refused first'],
    ['scripts', bots.length, `${number(bots.filter((bot) => bot.bought).length)} got a unit`],
    ['confirmed', bought, 'orders answered 201'],
    ['in the database', tally.orders, 'rows'],
    ['sold', tally.sold, 'units'],
  ];
  if (isTerminal) say();
  sayHeading('funnel');
  for (const [name, count, note] of rows) {
    say(`  ${name.padEnd(16)}${cell(count, 9)}  ${pc.dim(note)}`);
  }
}

export function sayScripts(bots: readonly BotOutcome[]): void {
  if (bots.length === 0) return;
  sayHeading('scripts');
  for (const [family, members] of Map.groupBy(bots, (bot) => bot.family)) {
    const bought = members.filter((bot) => bot.bought).length;
    const seen = mostSeen(members).map(([answer, times]) => `${answer} × ${number(times)}`);
    const outcome = bought === 0 ? '' : pc.yellow(`${bought} bought · `);
    say(`  ${family.padEnd(16)}${cell(members.length, 9)}  ${outcome}${pc.dim(seen.join(' · '))}`);
  }
}

function mostSeen(bots: readonly BotOutcome[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { answers } of bots) {
    for (const [answer, times] of Object.entries(answers)) {
      sums.set(answer, (sums.get(answer) ?? 0) + times);
    }
  }
  return [...sums].toSorted((one, other) => other[1] - one[1]).slice(0, 3);
}

export function sayLatency({ purchaseMs }: CrowdReport): void {
  sayHeading('latency of a purchase call, seen by people');
  const [p50, p99] = [percentile(purchaseMs, 0.5), percentile(purchaseMs, 0.99)];
  say(`  p50 ${p50} ms   p99 ${p99} ms   ${pc.dim(`${number(purchaseMs.length)} calls`)}`);
}

export function sayVerdicts(verdicts: readonly Verdict[]): void {
  sayHeading('promises, checked against database and Redis');
  for (const { id, held, text } of verdicts) {
    const mark = held ? pc.green('kept  ') : pc.red('BROKEN');
    say(`  ${mark}  ${id.padEnd(24)}${pc.dim(text)}`);
  }
}
