// What became of a session, and which layer decided it.
import { combine, type Hit } from '../../edge/score/judgement.ts';
import { isBehaviour } from '../../shared/weights.ts';
import type { Attempt, Trace } from './replay/replay.ts';

export type Layer = 'l1' | 'l2' | 'l3';
export const LAYERS: readonly Layer[] = ['l1', 'l2', 'l3'];

export interface Outcome {
  readonly kind: 'passed' | 'challenged' | 'refused';
  /** Of who was stopped; undefined for who never came between start and end. */
  readonly layer: Layer | undefined;
  readonly purchases: number;
}

type Stop = { readonly kind: 'challenged' | 'refused'; readonly layer: Layer };
type Verdict = Stop | { readonly kind: 'passed' | 'neither' };

const CHALLENGE_AT = 40;
const DENY_AT = 80;

/**
 * A bot passed when any purchase did. A person who was ever challenged counts as challenged, even
 * where a later purchase passed: nobody asks twice with the same patience.
 */
export function outcomeOf(trace: Trace, isPerson: boolean, layers = LAYERS): Outcome {
  const verdicts = verdictsOf(trace, layers);
  const purchases = verdicts.filter(({ kind }) => kind === 'passed').length;
  const refused = verdicts.find(isStop('refused'));
  const challenged = verdicts.find(isStop('challenged'));
  if (purchases > 0 && !(isPerson && challenged !== undefined)) {
    return { kind: 'passed', layer: undefined, purchases };
  }
  if (refused !== undefined && purchases === 0) return { ...refused, purchases };
  if (challenged !== undefined) return { ...challenged, purchases };
  return { kind: 'refused', layer: undefined, purchases };
}

const isStop =
  (kind: Stop['kind']) =>
  (verdict: Verdict): verdict is Stop =>
    verdict.kind === kind;

function verdictsOf(trace: Trace, layers: readonly Layer[]): Verdict[] {
  const isWhole = layers.length === LAYERS.length;
  let hits: readonly Hit[] = trace.device?.hits ?? [];
  return trace.attempts.map((attempt) => {
    if (attempt.judgement !== undefined) hits = hitsOf(trace, attempt.judgement.hits);
    return isWhole ? asAnswered(attempt, hits) : asJudgedBy(layers, attempt, hits);
  });
}

function asAnswered({ answer, hadToken }: Attempt, hits: readonly Hit[]): Verdict {
  if (answer.status < 300) return { kind: 'passed' };
  if (answer.status === 429) return { kind: 'refused', layer: 'l1' };
  if (answer.problem === 'refused') return { kind: 'refused', layer: heavierOf(hits) };
  if (answer.problem === 'ticket-invalid') return { kind: 'refused', layer: 'l3' };
  if (answer.problem !== 'challenge-required') return { kind: 'neither' };
  return { kind: 'challenged', layer: hadToken ? heavierOf(hits) : 'l3' };
}

/**
 * What fewer layers would have made of the attempt: judged again from the hits that it had. Facts
 * are counted before they are judged, so leaving a layer out changes nothing else.
 */
function asJudgedBy(
  layers: readonly Layer[],
  { answer, hadToken }: Attempt,
  hits: readonly Hit[],
): Verdict {
  if (answer.problem === 'not-open') return { kind: 'neither' };
  if (answer.status === 429 && layers.includes('l1')) return { kind: 'refused', layer: 'l1' };
  // Only the signature on a device token or a ticket stops who has none of their own.
  const isUnsigned = !hadToken || answer.problem === 'ticket-invalid';
  if (isUnsigned && layers.includes('l3')) return { kind: 'challenged', layer: 'l3' };
  const left = hits.filter(({ rule }) => layers.includes(layerOf(rule)));
  const { score } = combine(left);
  if (score < CHALLENGE_AT) return { kind: 'passed' };
  return { kind: score < DENY_AT ? 'challenged' : 'refused', layer: heavierOf(left) };
}

/** A purchase's hits and, in place of their sum, those of its device. */
function hitsOf({ device }: Trace, hits: readonly Hit[]): readonly Hit[] {
  return [...hits.filter(({ rule }) => rule !== 'device'), ...(device?.hits ?? [])];
}

const layerOf = (rule: string): Layer => (isBehaviour(rule) ? 'l2' : 'l3');

function heavierOf(hits: readonly Hit[]): Layer {
  const weightOf = (layer: Layer) =>
    combine(hits.filter(({ rule }) => layerOf(rule) === layer)).score;
  return weightOf('l2') > weightOf('l3') ? 'l2' : 'l3';
}

/** The highest score that the session was given; undefined where it never came to a judgement. */
export function scoreOf({ attempts, device }: Trace): number | undefined {
  const judgements = [device, ...attempts.map(({ judgement }) => judgement)];
  const scores = judgements.flatMap((each) => (each === undefined ? [] : [each.score]));
  return scores.length === 0 ? undefined : Math.max(...scores);
}

/** The rules that hit anything of the session. */
export function rulesIn({ attempts, device }: Trace): Set<string> {
  const judgements = [device, ...attempts.map(({ judgement }) => judgement)];
  const rules = judgements.flatMap((each) => each?.hits.map(({ rule }) => rule) ?? []);
  return new Set(rules.filter((rule) => rule !== 'device'));
}
