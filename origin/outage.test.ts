import { expect, test } from 'vitest';
import { createOutage } from './outage.ts';

test('an outage is told at its beginning and its end, and not in between', () => {
  const told: string[] = [];
  const nothing = () => undefined;
  const outage = createOutage(
    {
      debug: nothing,
      error: nothing,
      info: (_, message) => void told.push(message),
      warn: (_, message) => void told.push(message),
    },
    'the sun',
  );
  outage.ended();
  expect(told).toEqual([]);
  outage.began(new Error('night'));
  outage.began(new Error('clouds'));
  outage.ended();
  outage.ended();
  expect(told).toEqual(['the sun is away', 'the sun is back']);
});
