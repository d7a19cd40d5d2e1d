import { expect, it } from 'vitest';
import { createOrigins } from './origins.ts';

const FALLBACK = 'https://origin.shop.example';

function open({ isLocal = false, suffix = 'shop.example', randoms = [0] as number[] } = {}) {
  let nowMs = 0;
  const ahead = [...randoms];
  const random = () => ahead.shift() ?? 0;
  const now = () => nowMs;
  const origins = createOrigins({ suffix, fallback: FALLBACK, isLocal, random, now });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { ...origins, pass };
}

const listOf = (...origins: [string, number][]) => ({
  at: 0,
  origins: origins.map(([host, load]) => ({ host, load })),
  isSelling: true,
  weights: {},
});
const TWO = listOf(['a.shop.example', 0.9], ['b.shop.example', 0.1]);

it('takes the fall-back where no list is known, or nobody in it', () => {
  expect(open().pick(undefined)).toBe(FALLBACK);
  expect(open().pick(listOf())).toBe(FALLBACK);
  expect(open().pick(undefined, FALLBACK)).toBeUndefined();
});

it('takes the less busy of two', () => {
  expect(open({ randoms: [0, 0] }).pick(TWO)).toBe('https://b.shop.example');
  expect(open({ randoms: [0.99, 0] }).pick(TWO)).toBe('https://b.shop.example');
});

it('takes the first of two that are about as busy', () => {
  const alike = listOf(['a.shop.example', 0.3], ['b.shop.example', 0.1]);
  expect(open({ randoms: [0, 0] }).pick(alike)).toBe('https://a.shop.example');
  expect(open({ randoms: [0.99, 0] }).pick(alike)).toBe('https://b.shop.example');
});

it('of three, the busiest only when it is picked twice, which it cannot be', () => {
  const three = listOf(['a.shop.example', 0.9], ['b.shop.example', 0.1], ['c.shop.example', 0.2]);
  for (const first of [0, 0.4, 0.8]) {
    for (const second of [0, 0.6]) {
      expect(open({ randoms: [first, second] }).pick(three)).not.toBe('https://a.shop.example');
    }
  }
});

it('never calls a name outside of its suffix, nor a port in deployment', () => {
  const foreign = listOf(
    ['shop.example.evil.example', 0],
    ['evilshop.example', 0],
    ['a.shop.example:8443', 0],
    ['127.0.0.1', 0],
  );
  expect(open().pick(foreign)).toBe(FALLBACK);
  const local = open({ isLocal: true, suffix: '127.0.0.1' });
  expect(local.pick(listOf(['127.0.0.1:8084', 0]))).toBe('http://127.0.0.1:8084');
});

it('avoids one that failed until a later list names it again, unless it is the only one', () => {
  const origins = open();
  const later = { ...TWO, at: TWO.at + 3_000 };
  origins.avoid('https://b.shop.example', TWO);
  expect(origins.pick(later)).toBe('https://a.shop.example');
  origins.pass(2_000);
  expect(origins.pick({ ...TWO, at: TWO.at + 2_999 })).toBe('https://a.shop.example');
  expect(origins.pick(later)).toBe('https://b.shop.example');
  const alone = open();
  alone.avoid('https://a.shop.example', undefined);
  expect(alone.pick(listOf(['a.shop.example', 0]))).toBe('https://a.shop.example');
});

it('tries one that failed again where no later list comes', () => {
  const origins = open();
  origins.avoid('https://b.shop.example', TWO);
  origins.pass(29_999);
  expect(origins.pick(TWO)).toBe('https://a.shop.example');
  origins.pass(1);
  expect(origins.pick(TWO)).toBe('https://b.shop.example');
});

it('fails over to another one, and to the fall-back when there is none', () => {
  expect(open().pick(TWO, 'https://a.shop.example')).toBe('https://b.shop.example');
  const one = listOf(['a.shop.example', 0]);
  expect(open().pick(one, 'https://a.shop.example')).toBe(FALLBACK);
});
