import { describe, expect, test } from 'vitest';
import { checkBorders, checkReachable } from './imports.ts';
import { checkFile } from './rules.ts';

const messages = (path: string, text: string) =>
  checkFile({ path, text }).map(({ message }) => message);
const lines = (count: number) => 'const a = 1;\n'.repeat(count);

describe('length', () => {
  test.each([
    ['origin/app.ts', 250],
    ['origin/app.test.ts', 300],
    ['edge/test/purchase.ts', 300],
    ['lua/admit.lua', 80],
    ['lua/include/bucket.lua', 30],
  ])('%s has at most %i lines', (path, limit) => {
    expect(messages(path, lines(limit))).toEqual([]);
    expect(checkFile({ path, text: lines(limit + 1) })).toEqual([
      { path, line: limit + 1, message: `${limit + 1} lines, at most ${limit}` },
    ]);
  });

  test('generated files and migrations may be long', () => {
    expect(messages('shared/generated/proto.ts', lines(900))).toEqual([]);
    expect(messages('origin/store/migrations/first.ts', lines(900))).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    'origin/utils.ts',
    'origin/utils/time.ts',
    'edge/string-helpers.ts',
    'origin/orders/order-service.ts',
    'origin/orders/index.ts',
  ])('%s names no job', (path) => {
    expect(messages(path, '')).toEqual([expect.stringContaining('names no job')]);
  });

  test('a file name is kebab-case', () => {
    expect(messages('origin/orderLog.ts', '')).toEqual(['file names are kebab-case']);
  });

  test.each(['deploy/local/services/service.ts', 'origin/test/409.test.ts', 'lua/set-clock.lua'])(
    '%s is fine',
    (path) => expect(messages(path, '')).toEqual([]),
  );
});

describe('lines', () => {
  test.each([
    ['origin/app.ts', 'const port = process.env.PORT;'],
    ['origin/app.ts', 'export default 1;'],
    ['origin/app.ts', 'const x = y as any;'],
    ['origin/app.ts', 'function f(x: any) {}'],
    ['origin/app.ts', '// @ts-ignore'],
    ['origin/app.ts', '// biome-ignore lint: no reason'],
    ['lua/admit.lua', '-- TODO later'],
    ['origin/app.test.ts', "test.skip('x', () => {});"],
    ['origin/app.test.ts', "test.only('x', () => {});"],
    ['origin/app.ts', 'try { f(); } catch (error) {\n}'],
    ['origin/app.ts', 'f().catch(() => {});'],
    ['lua/admit.lua', "redis.call('GET', 'stock:sku_{' .. sku .. '}')"],
  ])('%s may not hold: %s', (path, text) => {
    expect(checkFile({ path, text: `\n${text}\n` })).toMatchObject([{ path, line: 2 }]);
  });

  test.each([
    ['origin/config.ts', 'const env = process.env;'],
    ['deploy/local/up.ts', 'const env = process.env;'],
    ['edge/worker.ts', 'export default app;'],
    ['origin/app.ts', '// any company'],
    ['origin/app.ts', 'try { f(); } catch {\n  return undefined;\n}'],
    ['lua/admit.lua', "redis.call('GET', KEYS[1])"],
  ])('%s may hold: %s', (path, text) => {
    expect(messages(path, text)).toEqual([]);
  });
});

describe('imports', () => {
  const breaches = (path: string, specifier: string) =>
    checkBorders([{ path, text: `import { x } from '${specifier}';` }]).length;

  test.each([
    ['edge/worker.ts', '../origin/app.ts'],
    ['origin/app.ts', '../edge/worker.ts'],
    ['origin/app.ts', '../deploy/local/up.ts'],
    ['shared/keys.ts', '../lua/load.ts'],
    ['shared/keys.ts', 'node:fs'],
    ['shared/keys.ts', 'fastify'],
    ['origin/app.ts', 'ioredis'],
    ['origin/writer/writer.ts', 'kafkajs'],
    ['origin/writer/writer.ts', '@mikro-orm/core'],
    ['origin/app.ts', 'etcd3'],
  ])('%s may not import %s', (path, specifier) => {
    expect(breaches(path, specifier)).toBe(1);
  });

  test.each([
    ['edge/worker.ts', './admit/admit.ts'],
    ['edge/admit/admit.ts', '../../lua/admit.lua'],
    ['origin/redis/link.ts', 'ioredis'],
    ['origin/order-log/kafka/kafka.ts', 'kafkajs'],
    ['origin/test/writer.ts', '../../deploy/local/services/redis.ts'],
    ['shared/keys.test.ts', 'vitest'],
    ['shared/activity.ts', 'valibot'],
  ])('%s may import %s', (path, specifier) => {
    expect(breaches(path, specifier)).toBe(0);
  });
});

describe('dead files', () => {
  const file = (path: string, ...imports: string[]) => ({
    path,
    text: imports.map((specifier) => `import '${specifier}';\n`).join(''),
  });

  test('what no entry point leads to is found', () => {
    const files = [
      file('origin/server.ts', './app.ts'),
      file('origin/app.ts', '../shared/keys.ts'),
      file('shared/keys.ts'),
      file('origin/old.ts', '../shared/older.ts'),
      file('shared/older.ts'),
      file('origin/old.test.ts', './old.ts'),
      file('deploy/end-to-end/old.test.ts', '../../origin/old.ts'),
    ];
    const dead = checkReachable(files, []).map(({ path }) => path);
    expect(dead).toEqual(['origin/old.ts', 'shared/older.ts']);
  });

  test('a script of package.json and the address of a thread lead to a file', () => {
    const thread = "new Worker(new URL('./counter.ts', import.meta.url))";
    const files = [
      { path: 'origin/tool.ts', text: thread },
      { path: 'origin/counter.ts', text: '' },
    ];
    expect(checkReachable(files, ['node origin/tool.ts'])).toEqual([]);
  });
});
