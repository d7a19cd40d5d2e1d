// From what became of each session to the report: families of bots, cohorts of people, costs.
import type { Label } from './corpus.ts';
import { LAYERS, type Layer, type Outcome, outcomeOf, scoreOf } from './outcome.ts';
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
  readonly cpuUs: { readonly p50: number; readonly p99: number };
  readonly redisCallsPerDecision: number;
  readonly layers: readonly LayerReport[];
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
    cpuUs: {
      p50: quantile(replayed.judgementsUs, 0.5),
      p99: quantile(replayed.judgementsUs, 0.99),
    },
    redisCallsPerDecision: share(replayed.redisCalls, replayed.decisions),
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
