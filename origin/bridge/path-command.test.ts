import { expect, test } from 'vitest';
import { wordsOfPath } from './path-command.ts';

test.each([
  ['/get/key', ['get', 'key']],
  ['/set/key/value?EX=10', ['set', 'key', 'value', 'EX', '10']],
  ['/set/key/value?EX=10&NX', ['set', 'key', 'value', 'EX', '10', 'NX']],
  ['/get/a%2Fb%3Fc', ['get', 'a/b?c']],
  ['/get/%E2%9C%93', ['get', '✓']],
  ['/get/', ['get', '']],
  ['/', ['']],
])('%s is %j', (url, words) => {
  expect(wordsOfPath(url, undefined)).toEqual({ kind: 'ok', value: words });
});

test('a body is the last word of the path, before the parameters', () => {
  const body = Buffer.from([0, 255, 10]);
  expect(wordsOfPath('/set/key?EX=10', body)).toEqual({
    kind: 'ok',
    value: ['set', 'key', body, 'EX', '10'],
  });
});

test('an empty body is no word', () => {
  expect(wordsOfPath('/get/key', Buffer.alloc(0))).toEqual({ kind: 'ok', value: ['get', 'key'] });
});

test.each(['/get/%', '/get/%zz', '/get/%ff'])('%s is malformed', (url) => {
  expect(wordsOfPath(url, undefined).kind).toBe('malformed');
});
