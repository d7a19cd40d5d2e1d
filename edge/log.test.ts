import { expect, it } from 'vitest';
import { createLog, nameOf } from './log.ts';

it('writes an event at once, and then every ten seconds with its count', () => {
  let now = 0;
  const lines: unknown[] = [];
  const log = createLog(
    () => now,
    (level, line) => lines.push([level, JSON.parse(line)]),
  );
  const event = { event: 'redis away', level: 'warn', detail: 'TimeoutError' } as const;
  for (now = 0; now <= 10_000; now += 1_000) log(event);
  expect(lines).toEqual([
    ['warn', { ...event, count: 1 }],
    ['warn', { ...event, count: 10 }],
  ]);
});

it('tells of an error its name and nothing else', () => {
  expect(nameOf(new TypeError('with a token'))).toBe('TypeError');
  expect(nameOf('thrown text')).toBe('unknown');
});
