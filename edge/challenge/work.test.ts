// With ALTCHA's own library as the client, and as a second opinion.
import { solveChallenge, verifySolution } from 'altcha-lib/v1';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkChallenge } from '../../shared/challenge.ts';
import { CHALLENGE_LIFETIME_MS, createWork } from './work.ts';

const SECRET = 'a-secret-of-challenges';
const work = createWork(SECRET);
const user = 'A'.repeat(22);
const now = Date.now();
const wanted = { user, level: 'ordinary', maxNumber: 200, now } as const;
const theirs = { user, now };

async function solve(challenge: WorkChallenge) {
  const { algorithm, salt, signature, maxnumber } = challenge;
  const solution = await solveChallenge(challenge.challenge, salt, algorithm, maxnumber).promise;
  if (solution === null) throw new Error('no solution up to maxnumber');
  return { algorithm, challenge: challenge.challenge, number: solution.number, salt, signature };
}

const encode = (proof: object): string => btoa(JSON.stringify(proof));

describe('a proof of work', () => {
  it('is solved and verified by ALTCHA’s library, and by us', async () => {
    const challenge = await work.ask(wanted);
    const solved = await solve(challenge);
    expect(await verifySolution(encode(solved), SECRET)).toBe(true);
    expect(await work.check(encode({ ...solved, took: 12 }), theirs)).toEqual({
      kind: 'proven',
      challenge: challenge.challenge,
      level: 'ordinary',
    });
  });

  it('keeps its level, which nobody can raise', async () => {
    const strong = await solve(await work.ask({ ...wanted, level: 'strong' }));
    expect(await work.check(encode(strong), theirs)).toMatchObject({ level: 'strong' });
    const ordinary = await solve(await work.ask(wanted));
    const salt = ordinary.salt.replace('level=ordinary', 'level=strong');
    expect(await work.check(encode({ ...ordinary, salt }), theirs)).toEqual({ kind: 'invalid' });
  });

  it('is invalid for another user, and after five minutes', async () => {
    const proof = encode(await solve(await work.ask(wanted)));
    expect(await work.check(proof, { ...theirs, user: 'B'.repeat(22) })).toEqual({
      kind: 'invalid',
    });
    const late = now + CHALLENGE_LIFETIME_MS + 1;
    expect(await work.check(proof, { ...theirs, now: late })).toEqual({ kind: 'invalid' });
  });

  it('is invalid with digits moved between salt and number', async () => {
    const solved = await solve(await work.ask({ ...wanted, maxNumber: 100_000 }));
    const digits = String(solved.number);
    const salt = `${solved.salt}${digits.slice(0, 1)}`;
    const number = Number(digits.slice(1) || '0');
    expect(await work.check(encode({ ...solved, salt, number }), theirs)).toEqual({
      kind: 'invalid',
    });
  });

  it('is invalid with any member changed', async () => {
    const solved = await solve(await work.ask(wanted));
    const other = await solve(await work.ask(wanted));
    for (const change of [
      { number: solved.number + 1 },
      { salt: other.salt },
      { signature: other.signature },
      { challenge: other.challenge },
      { challenge: other.challenge, salt: other.salt },
    ]) {
      const checked = await work.check(encode({ ...solved, ...change }), theirs);
      expect(checked).toEqual({ kind: 'invalid' });
    }
  });

  it('is foreign, and nothing is thrown, for whatever text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String(), fc.json()), async (text) => {
        expect(await work.check(text, theirs)).toEqual({ kind: 'foreign' });
        const inside = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
        expect(await work.check(inside, theirs)).toEqual({ kind: 'foreign' });
      }),
    );
  });
});
