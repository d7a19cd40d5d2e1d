import { expect, it } from 'vitest';
import { traceparentOf } from './traceparent.ts';

const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const of = (traceparent: string) => traceparentOf(new Headers({ traceparent }));

it('keeps a valid trace', () => {
  expect(of(given)).toBe(given);
});

it.each([
  '',
  'x',
  given.toUpperCase(),
  `ff${given.slice(2)}`,
  `${given}-x`,
  given.replace(/4bf.{29}/, '0'.repeat(32)),
  given.replace('00f067aa0ba902b7', '0'.repeat(16)),
])('begins a trace of its own, not sampled, for %j', (header) => {
  expect(of(header)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

it('begins another one each time', () => {
  expect(traceparentOf(new Headers())).not.toBe(traceparentOf(new Headers()));
});
