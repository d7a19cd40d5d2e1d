// From what became of each session to the report: families of bots, cohorts of people, costs.
import type { Label } from './corpus.ts';
import { LAYERS, type Layer, type Outcome, outcomeOf, rulesIn, scoreOf } from './outcome.ts';
import type { Replayed, Trace } from './replay/replay.ts';
import { areaUnderCurve, type Interval, precisionAt, quantile, wilson } from './statistics.ts';

export interface FamilyReport {
  readonly n: number;
  /** Sessions that the layer stopped. */
  readonly l1: number;
  readonly l2: number;
  readonly l3: number;
  readonly refused: number;
  readonly challenged: number;
  readonly passed: number;
  readonly purchases: number;
  readonly medianRequests: number;
  readonly stopped: number;
  readonly interval: Interval;
}

export interface PeopleReport {
  readonly n: number;
  readonly refused: number;
  readonly challenged: number;
  /** Upper 95 % bound of the share refused. */
  readonly refusedAtMost: number;
}

export interface LayerReport {
  readonly layers: string;
  readonly macroRecall: number;
  readonly peopleStopped: number;
}

export interface BotsReport {
  readonly families: Record<string, FamilyReport>;
  readonly cohorts: Record<string, PeopleReport>;
  readonly nets: Record<string, PeopleReport>;
  readonly people: PeopleReport;
  readonly macroRecall: number;
  readonly recallBySessions: number;
  readonly recallByRequests: number;
  /** At 1, 30 and 90 % bots. */
  readonly precision: { readonly '1': number; readonly '30': number; readonly '90': number };
  readonly auc: number;
  /** Of a judgement in a busy isolate, and in one that had other things to do before. */
  readonly cpuUs: Quantiles;
  readonly coldUs: Quantiles;
  readonly redisCallsPerDecision: number;
  readonly layers: readonly LayerReport[];
  /** In how many sessions each rule hit, the one that hit most people first. */
  readonly rules: Record<string, { readonly people: number; readonly bots: number }>;
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

interface Judged {
  readonly trace: Trace;
  readonly label: Label;
  readonly outcome: Outcome;
}

export function reportOn(
  replayed: Replayed,
  labels: ReadonlyMap<string, Label>,
  layers: readonly Layer[] = LAYERS,
): BotsReport {
  const judged = judgeAll(replayed, labels, layers);
  const bots = judged.filter(({ label }) => label.label === 'bot');
  const people = judged.filter(({ label }) => label.label === 'human');
  const families = groupBy(bots, ({ label }) => label.family, familyReport);
  const isStopped = ({ outcome }: Judged) => outcome.kind !== 'passed';
  const stopped = bots.filter(isStopped);
  const requestsOf = (of: readonly Judged[]) => of.reduce((n, { trace }) => n + trace.requests, 0);
  const recallBySessions = share(stopped.length, bots.length);
  const falseAlarms = share(people.filter(isStopped).length, people.length);
  const precision = (percent: number) => precisionAt(percent / 100, recallBySessions, falseAlarms);
  return {
    families,
    cohorts: groupBy(people, ({ label }) => label.family, peopleReport),
    nets: groupBy(people, ({ trace }) => trace.session.net ?? 'unknown', peopleReport),
    people: peopleReport(people),
    macroRecall: macroRecallOf(families),
    recallBySessions,
    recallByRequests: share(requestsOf(stopped), requestsOf(bots)),
    precision: { '1': precision(1), '30': precision(30), '90': precision(90) },
    auc: areaUnderCurve(scoresOf(bots), scoresOf(people)),
    cpuUs: quantilesOf(replayed.costs.map(({ busyUs }) => busyUs)),
    coldUs: quantilesOf(replayed.costs.map(({ coldUs }) => coldUs)),
    redisCallsPerDecision: share(replayed.redisCalls, replayed.decisions),
    rules: rulesOf(people, bots),
    layers: subsetsOf(layers).map((subset) => {
      const with_ = judgeAll(replayed, labels, subset);
      const ofBots = with_.filter(({ label }) => label.label === 'bot');
      const ofPeople = with_.filter(({ label }) => label.label === 'human');
      return {
        layers: subset.join('+').toUpperCase(),
        macroRecall: macroRecallOf(groupBy(ofBots, ({ label }) => label.family, familyReport)),
        peopleStopped: share(ofPeople.filter(isStopped).length, ofPeople.length),
      };
    }),
  };
}

const quantilesOf = (values: readonly number[]): Quantiles => ({
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
});

function rulesOf(people: readonly Judged[], bots: readonly Judged[]): BotsReport['rules'] {
  const ofPeople = countRules(people);
  const ofBots = countRules(bots);
  const names = [...new Set([...ofPeople.keys(), ...ofBots.keys()])];
  const counts = names.map((name) => {
    return [name, { people: ofPeople.get(name) ?? 0, bots: ofBots.get(name) ?? 0 }] as const;
  });
  return Object.fromEntries(counts.sort(([, a], [, b]) => b.people - a.people || b.bots - a.bots));
}

function countRules(sessions: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { trace } of sessions) {
    for (const rule of rulesIn(trace)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

function judgeAll(
  { traces }: Replayed,
  labels: ReadonlyMap<string, Label>,
  layers: readonly Layer[],
): Judged[] {
  return traces.flatMap((trace) => {
    const label = labels.get(trace.session.session_id);
    if (label === undefined) return [];
    return [{ trace, label, outcome: outcomeOf(trace, label.label === 'human', layers) }];
  });
}

/** Each layer alone, and each left out. */
function subsetsOf(layers: readonly Layer[]): (readonly Layer[])[] {
  if (layers.length < LAYERS.length) return [];
  const without = LAYERS.map((layer) => LAYERS.filter((other) => other !== layer));
  return [...LAYERS.map((layer) => [layer]), ...without];
}

function familyReport(sessions: readonly Judged[]): FamilyReport {
  const count = (is: (outcome: Outcome) => boolean) =>
    sessions.filter(({ outcome }) => is(outcome)).length;
  const n = sessions.length;
  const passed = count(({ kind }) => kind === 'passed');
  const until = sessions.flatMap(({ trace }) => trace.requestsUntilStopped ?? []);
  return {
    n,
    l1: count(({ layer }) => layer === 'l1'),
    l2: count(({ layer }) => layer === 'l2'),
    l3: count(({ layer }) => layer === 'l3'),
    refused: count(({ kind }) => kind === 'refused'),
    challenged: count(({ kind }) => kind === 'challenged'),
    passed,
    purchases: sessions.reduce((sum, { outcome }) => sum + outcome.purchases, 0),
    medianRequests: quantile(until, 0.5),
    stopped: share(n - passed, n),
    interval: wilson(n - passed, n),
  };
}

function peopleReport(sessions: readonly Judged[]): PeopleReport {
  const n = sessions.length;
  const refused = sessions.filter(({ outcome }) => outcome.kind === 'refused').length;
  const challenged = sessions.filter(({ outcome }) => outcome.kind === 'challenged').length;
  return { n, refused, challenged, refusedAtMost: wilson(refused, n).high };
}

function macroRecallOf(families: Record<string, FamilyReport>): number {
  const recalls = Object.values(families).map(({ stopped }) => stopped);
  return share(
    recalls.reduce((sum, recall) => sum + recall, 0),
    recalls.length,
  );
}

/** Of the sessions that came to a judgement. */
const scoresOf = (sessions: readonly Judged[]): number[] =>
  sessions.flatMap(({ trace }) => scoreOf(trace) ?? []);

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function groupBy<Report>(
  sessions: readonly Judged[],
  nameOf: (judged: Judged) => string,
  report: (group: readonly Judged[]) => Report,
): Record<string, Report> {
  const groups = Object.groupBy(sessions, nameOf);
  const names = Object.keys(groups).sort();
  return Object.fromEntries(names.map((name) => [name, report(groups[name] ?? [])]));
}
