import { expect, it } from 'vitest';
import { combine, hit } from '../../edge/score/judgement.ts';
import { type Layer, outcomeOf } from './outcome.ts';
import type { Attempt, Trace } from './replay/replay.ts';

const session = { t0: 0, session_id: 's', user_id: 'u', label: null, family: null, net: null };

function traceOf(attempts: readonly Attempt[], device = combine([])): Trace {
  const empty = { device: null, input: null, requests: [] };
  return {
    session: { ...session, ...empty },
    ...{ device, shown: [], attempts: [...attempts] },
    ...{ requestsUntilStopped: undefined, requests: attempts.length },
  };
}

const attempt = (status: number, problem = '', judgement = combine([])): Attempt => ({
  answer: { status, problem },
  hadToken: true,
  judgement,
});

it('counts a bot as passed when one of its purchases did', () => {
  const trace = traceOf([attempt(403, 'challenge-required'), attempt(201)]);
  expect(outcomeOf(trace, false)).toEqual({ kind: 'passed', layer: undefined, purchases: 1 });
});

it('counts a person as challenged when one of the purchases was', () => {
  const trace = traceOf([attempt(403, 'challenge-required'), attempt(201)]);
  expect(outcomeOf(trace, true).kind).toBe('challenged');
});

it('names the layer whose rules weigh more', () => {
  const behaviour = combine([hit('before-reaction'), hit('no-hints')]);
  expect(outcomeOf(traceOf([attempt(403, 'refused', behaviour)]), false).layer).toBe('l2');
  const fingerprint = combine([hit('quick-reaction'), hit('webdriver')]);
  expect(outcomeOf(traceOf([attempt(403, 'refused', fingerprint)]), false).layer).toBe('l3');
  expect(outcomeOf(traceOf([attempt(429, 'rate-limited')]), false).layer).toBe('l1');
});

it.each<[Layer[], string]>([
  [['l2'], 'passed'],
  [['l3'], 'challenged'],
  [['l2', 'l3'], 'challenged'],
])('judges again with %j in force', (layers, kind) => {
  const judged = combine([hit('quick-reaction'), hit('webdriver')]);
  const trace = traceOf([attempt(403, 'refused', judged)]);
  expect(outcomeOf(trace, false, layers).kind).toBe(kind);
});

it('has nothing to say of who came only before the start', () => {
  const outcome = outcomeOf(traceOf([attempt(409, 'not-open')]), false);
  expect(outcome).toEqual({ kind: 'refused', layer: undefined, purchases: 0 });
});
