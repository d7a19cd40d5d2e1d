// The report for people: who was stopped where, whom it cost, and how that stands to the targets.
import type { BotsReport, FamilyReport, PeopleReport } from './report.ts';

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
const column = (text: string | number, width = 8): string => String(text).padStart(width);
const NAME = 20;
const RULE = 28;

const micros = ({ p50, p99 }: BotsReport['cpuUs']): string =>
  `${p50.toFixed(1)} µs p50, ${p99.toFixed(1)} µs p99`;

export function linesOf(title: string, report: BotsReport): string[] {
  const { people, cpuUs, coldUs, precision } = report;
  return [
    '',
    title,
    '',
    `${'family'.padEnd(NAME)}${['n', 'L1', 'L2', 'L3', 'refused', 'challngd', 'passed', 'buys', 'requests', 'stopped'].map((name) => column(name, 9)).join('')}  95 %`,
    ...Object.entries(report.families).map(familyLine),
    '',
    `${'people'.padEnd(NAME)}${['n', 'refused', '', 'at most', 'challngd', ''].map((name) => column(name, 9)).join('')}`,
    ...Object.entries({ all: people, ...report.cohorts }).map(peopleLine),
    '',
    `${'people by network'.padEnd(NAME)}`,
    ...Object.entries(report.nets).map(peopleLine),
    '',
    `recall    macro ${percent(report.macroRecall, 2)}   by sessions ${percent(report.recallBySessions, 2)}   by requests ${percent(report.recallByRequests, 2)}`,
    `precision ${Object.entries(precision)
      .map(([bots, value]) => `at ${bots} % bots ${percent(value)}`)
      .join('   ')}   AUC ${report.auc.toFixed(4)}`,
    `cost      ${micros(cpuUs)} a judgement (after other work ${micros(coldUs)}); ${report.redisCallsPerDecision.toFixed(3)} requests to Redis a decision`,
    '',
    ...report.layers.map(
      ({ layers, macroRecall, peopleStopped }) =>
        `${layers.padEnd(9)} recall macro ${percent(macroRecall, 2)}, people stopped or challenged ${percent(peopleStopped, 2)}`,
    ),
    '',
    `${'sessions hit by rule'.padEnd(RULE)}${column('people')}${column('bots')}`,
    ...Object.entries(report.rules).map(
      ([rule, hit]) => `${rule.padEnd(RULE)}${column(hit.people)}${column(hit.bots)}`,
    ),
  ];
}

function familyLine([name, family]: [string, FamilyReport]): string {
  const { n, l1, l2, l3, refused, challenged, passed, purchases, medianRequests } = family;
  const numbers = [n, l1, l2, l3, refused, challenged, passed, purchases, medianRequests];
  const { low, high } = family.interval;
  const cells = numbers.map((value) => column(value, 9)).join('');
  const range = `${percent(low)} to ${percent(high)}`;
  return `${name.padEnd(NAME)}${cells}${column(percent(family.stopped), 9)}  ${range}`;
}

function peopleLine([name, { n, refused, challenged, refusedAtMost }]: [
  string,
  PeopleReport,
]): string {
  const cells = [
    n,
    refused,
    percent(refused / Math.max(1, n)),
    percent(refusedAtMost),
    challenged,
    percent(challenged / Math.max(1, n)),
  ];
  return `${name.padEnd(NAME)}${cells.map((value) => column(value, 9)).join('')}`;
}
