import { expect, test } from 'vitest';
import { answerMany, answerOne, answerTransaction } from './answers.ts';

const reply = (value: unknown) => ({ kind: 'reply', reply: value }) as const;
const text = (value: string) => Buffer.from(value);

test.each([
  [null, null, null],
  [42, 42, 42],
  [text('OK'), 'OK', 'OK'],
  [text('PONG'), 'PONG', 'UE9ORw=='],
  [text(''), '', ''],
  [text('é'), 'é', 'w6k='],
  [
    [text('OK'), 1, null, [text('b')]],
    ['OK', 1, null, ['b']],
    ['T0s=', 1, null, ['Yg==']],
  ],
  [[], [], []],
  [[new Error('ERR no')], ['ERR no'], ['RVJSIG5v']],
])('%j reads plain %j, base64 %j', (value, plain, base64) => {
  expect(answerOne(reply(value), 'plain')).toEqual({ status: 200, body: { result: plain } });
  expect(answerOne(reply(value), 'base64')).toEqual({ status: 200, body: { result: base64 } });
});

test('an error keeps its text under either encoding', () => {
  const answer = { kind: 'error', message: 'NOSCRIPT No matching script.' } as const;
  const expected = { status: 400, body: { error: 'NOSCRIPT No matching script.' } };
  expect(answerOne(answer, 'plain')).toEqual(expected);
  expect(answerOne(answer, 'base64')).toEqual(expected);
});

test('a pipeline answers item by item, unless one of its answers is missing', () => {
  const error = { kind: 'error', message: 'ERR no' } as const;
  const away = { kind: 'away', message: 'ERR away' } as const;
  expect(answerMany([reply(1), error], 'plain')).toEqual({
    status: 200,
    body: [{ result: 1 }, { error: 'ERR no' }],
  });
  expect(answerMany([reply(1), away], 'plain')).toEqual({
    status: 503,
    body: { error: 'ERR away' },
  });
});

test('where one server of a cluster is away, the others’ items stand', () => {
  const away = { kind: 'part-away', message: 'CLUSTERDOWN away' } as const;
  expect(answerMany([reply(1), away], 'plain')).toEqual({
    status: 200,
    body: [{ result: 1 }, { error: 'CLUSTERDOWN away' }],
  });
  expect(answerOne(away, 'plain').status).toBe(503);
});

test('a transaction answers item by item, or with the one error that discarded it', () => {
  const discarded = { kind: 'error', message: 'EXECABORT discarded' } as const;
  expect(answerTransaction(reply([text('OK'), new Error('ERR no')]), 'base64')).toEqual({
    status: 200,
    body: [{ result: 'OK' }, { error: 'ERR no' }],
  });
  expect(answerTransaction(discarded, 'plain').status).toBe(400);
});
