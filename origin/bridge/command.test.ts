import { expect, test } from 'vitest';
import { parseCommand, parseCommands } from './command.ts';

const limits = { bodyBytes: 1_000, pipelineCommands: 2, valueBytes: 10 };

test('a command is its name in upper case and its arguments as texts', () => {
  expect(parseCommand(['set', 'key', 1.5, true, ''], limits)).toEqual({
    kind: 'ok',
    value: { name: 'SET', args: ['key', '1.5', 'true', ''] },
  });
});

test.each([
  null,
  'PING',
  {},
  { 0: 'PING', length: 1 },
  [],
  [''],
  [null],
  ['GET', null],
  ['GET', ['key']],
  ['GET', {}],
  [['GET', 'key']],
])('%j is malformed', (input) => {
  expect(parseCommand(input, limits).kind).toBe('malformed');
});

test.each([
  ['FLUSHALL'],
  ['CONFIG', 'GET', '*'],
  ['KEYS', '*'],
  ['EVAL_RO', 'return 1', 0],
  ['MULTI'],
  ['SUBSCRIBE', 'c'],
  ['BLPOP', 'key', 0],
  ['SELECT', 1],
  ['SCRIPT'],
  ['SCRIPT', 'FLUSH'],
  ['GET key'],
  ['GET\r\nFLUSHALL'],
  ['constructor'],
  ['__proto__'],
])('%j is not allowed', (...words) => {
  expect(parseCommand(words, limits)).toEqual({ kind: 'not-allowed' });
});

test('a value is measured in bytes', () => {
  expect(parseCommand(['GET', '1234567890'], limits).kind).toBe('ok');
  expect(parseCommand(['GET', '12345678901'], limits).kind).toBe('too-large');
  expect(parseCommand(['GET', 'ééééé'], limits).kind).toBe('ok');
  expect(parseCommand(['GET', 'éééééé'], limits).kind).toBe('too-large');
});

test('so many arguments as no script needs are too many', () => {
  const words = (count: number) => ['MGET', ...Array<string>(count - 1).fill('k')];
  expect(parseCommand(words(1_024), limits).kind).toBe('ok');
  expect(parseCommand(words(1_025), limits).kind).toBe('too-large');
});

test('a list is refused as a whole for its form and its size', () => {
  expect(parseCommands([], limits).kind).toBe('malformed');
  expect(parseCommands(['PING'], limits).kind).toBe('malformed');
  expect(parseCommands([['PING'], ['PING'], ['PING']], limits).kind).toBe('too-large');
  expect(parseCommands([['PING'], ['GET', '12345678901']], limits).kind).toBe('too-large');
});

test('a command that is not allowed leaves the others of its list alone', () => {
  expect(parseCommands([['PING'], ['FLUSHALL']], limits)).toEqual({
    kind: 'ok',
    value: [{ kind: 'ok', value: { name: 'PING', args: [] } }, { kind: 'not-allowed' }],
  });
});
