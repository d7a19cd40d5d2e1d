import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createScripts, withoutForeignFlag } from './scripts.ts';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const flagged = (body: string) => `#!lua flags=allow-key-locking\n${body}`;

test.each([
  ['return 1', 'return 1'],
  ['#!lua flags=allow-key-locking\nreturn 1', '\nreturn 1'],
  ['#!lua flags=allow-key-locking\r\nreturn 1', '\nreturn 1'],
  ['#!lua  flags=allow-key-locking  \nreturn 1', '\nreturn 1'],
  ['#!lua flags=no-writes,allow-key-locking\nreturn 1', '#!lua flags=no-writes\nreturn 1'],
  ['#!lua name=a flags=allow-key-locking\nreturn 1', '#!lua name=a\nreturn 1'],
  ['#!lua flags=no-writes\nreturn 1', '#!lua flags=no-writes\nreturn 1'],
  ['#!lua flags=allow-key-locking', ''],
  ['return "#!lua flags=allow-key-locking"', 'return "#!lua flags=allow-key-locking"'],
  ['\n#!lua flags=allow-key-locking', '\n#!lua flags=allow-key-locking'],
])('%j is sent as %j', (source, sent) => {
  expect(withoutForeignFlag(source)).toBe(sent);
});

test('the hash that a client knows leads to the one that Redis knows, in either case', () => {
  const scripts = createScripts(8);
  const source = flagged('return 1');
  const evaluated = scripts.translate({ name: 'EVAL', args: [source, '0'] });
  expect(evaluated.command.args).toEqual(['\nreturn 1', '0']);
  for (const known of [sha1(source), sha1(source).toUpperCase()]) {
    const { command } = scripts.translate({ name: 'EVALSHA', args: [known, '1', 'key'] });
    expect(command.args).toEqual([sha1('\nreturn 1'), '1', 'key']);
  }
});

test('SCRIPT LOAD answers the hash of what the client sent, SCRIPT EXISTS asks for the real one', () => {
  const scripts = createScripts(8);
  const source = flagged('return 1');
  const loaded = scripts.translate({ name: 'SCRIPT', args: ['LOAD', Buffer.from(source)] });
  expect(loaded.answer).toBe(sha1(source));
  expect(loaded.command.args).toEqual(['LOAD', '\nreturn 1']);
  const asked = scripts.translate({ name: 'SCRIPT', args: ['exists', sha1(source), 'other'] });
  expect(asked.command.args).toEqual(['exists', sha1('\nreturn 1'), 'other']);
});

test('what has no foreign flag passes unchanged', () => {
  const scripts = createScripts(8);
  for (const command of [
    { name: 'EVAL', args: ['return 1', '0'] },
    { name: 'EVALSHA', args: [sha1('return 1'), '0'] },
    { name: 'SCRIPT', args: ['LOAD', 'return 1'] },
    { name: 'GET', args: ['#!lua flags=allow-key-locking'] },
    { name: 'EVAL', args: [] },
  ]) {
    expect(scripts.translate(command)).toEqual({ command });
  }
});

test('only the most recently used hashes are remembered', () => {
  const scripts = createScripts(2);
  const [first, second, third] = ['return 1', 'return 2', 'return 3'].map(flagged);
  const evaluate = (source = '') => scripts.translate({ name: 'EVAL', args: [source, '0'] });
  const sentFor = (source = '') =>
    scripts.translate({ name: 'EVALSHA', args: [sha1(source), '0'] }).command.args[0];
  evaluate(first);
  evaluate(second);
  expect(sentFor(first)).toBe(sha1('\nreturn 1'));
  evaluate(third);
  expect(sentFor(first)).toBe(sha1('\nreturn 1'));
  expect(sentFor(third)).toBe(sha1('\nreturn 3'));
  expect(sentFor(second)).toBe(sha1(second ?? ''));
});
