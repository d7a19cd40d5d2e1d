import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rule, WEIGHTS } from '../../shared/weights.ts';
import { combine, type Hit, hit, ODD_AT_MOST } from './judgement.ts';

const rule = fc.constantFrom(
  ...Object.keys(WEIGHTS).filter((name): name is Rule => name in WEIGHTS),
);
const hits = fc.array(rule.map(hit), { maxLength: 30 });

describe('a score', () => {
  it('is whole, from 0 to 100, whatever hits', () => {
    fc.assert(
      fc.property(hits, (found) => {
        const { score } = combine(found);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
      }),
    );
  });

  it('does not depend on the order of hits, nor on how often one is told', () => {
    fc.assert(
      fc.property(hits, (found) => {
        const { score } = combine(found);
        expect(combine([...found].reverse()).score).toBe(score);
        expect(combine([...found, ...found]).score).toBe(score);
      }),
    );
  });

  it('never falls when a rule more hits', () => {
    fc.assert(
      fc.property(hits, rule, (found, more) => {
        expect(combine([...found, hit(more)]).score).toBeGreaterThanOrEqual(combine(found).score);
      }),
    );
  });
});

it('oddities alone are challenged, however many, and never refused', () => {
  const odd: Hit[] = ['system-contradicted', 'engine-contradicted', 'no-languages', 'no-graphics']
    .flatMap((name) => [name, `${name} again`, `${name} and again`])
    .map((name) => ({ rule: name, weight: 35 }));
  expect(combine(odd).score).toBe(ODD_AT_MOST);
  expect(combine([...odd, hit('webdriver')]).score).toBeGreaterThan(80);
});

it('names the weightiest first', () => {
  const { hits: named } = combine([hit('no-hints'), hit('webdriver'), hit('data-centre')]);
  expect(named.map(({ rule: name }) => name)).toEqual(['webdriver', 'data-centre', 'no-hints']);
});
