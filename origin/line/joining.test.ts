import { describe, expect, it } from 'vitest';
import { type JoiningFacts, joiningOf } from './joining.ts';

const facts: JoiningFacts = {
  ...{ state: 'RUNNING', stock: 5, held: 0, firstPayBy: null, waiting: 3 },
  ...{ queueLimit: 10, endAt: 1_000 },
};
const of = (changes: Partial<JoiningFacts>) => joiningOf({ ...facts, ...changes });

describe('newcomers', () => {
  it('join while there are units and room', () => {
    expect(of({})).toEqual({
      ...{ joinable: true, soldOut: false, unitsMayReturn: false, nextReturnAt: null },
    });
    expect(of({ waiting: 10 }).joinable).toBe(false);
    expect(of({ state: 'PAUSED' }).joinable).toBe(false);
  });

  it('join without a free unit only while fewer wait than units are held', () => {
    const held = { stock: 0, held: 4, firstPayBy: 500 };
    const mayReturn = { unitsMayReturn: true, nextReturnAt: 500 };
    expect(of(held)).toEqual({ joinable: true, soldOut: false, ...mayReturn });
    expect(of({ ...held, waiting: 4 })).toEqual({ joinable: false, soldOut: true, ...mayReturn });
  });

  it('are told sold out for good when nothing is held, or it returns too late', () => {
    const final = { joinable: false, soldOut: true, unitsMayReturn: false, nextReturnAt: null };
    expect(of({ stock: 0 })).toEqual(final);
    expect(of({ stock: 0, held: 4, firstPayBy: 1_000 })).toEqual(final);
    expect(of({ stock: 0, held: 4, firstPayBy: 500, state: 'ENDED' })).toEqual(final);
  });
});
