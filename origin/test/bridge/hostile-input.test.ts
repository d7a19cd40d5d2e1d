// Whatever arrives, the bridge answers below 500 while Redis is up, and goes on serving.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, startBridge } from './bridge.ts';

const RUNS = 300;

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge.stop());

const names = ['GET', 'set', 'EVAL', 'EVALSHA', 'SCRIPT', 'HSET', 'ZADD', 'MULTI', '__proto__', ''];
const oddities = ['__proto__', 'constructor', 'LOAD', '\r\n', '\u0000', '-1', 'NaN', '\ud800'];
const word = fc.oneof(
  fc.constantFrom(...oddities),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
);
const command = fc
  .tuple(fc.constantFrom(...names), fc.array(word, { maxLength: 6 }))
  .map(([name, args]) => [name, ...args]);
const commands = fc.array(fc.oneof(command, fc.jsonValue()), { maxLength: 10 });
const body = fc.oneof(
  command.map((value) => JSON.stringify(value)),
  commands.map((value) => JSON.stringify(value)),
  fc.jsonValue({ maxDepth: 8 }).map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
);

test('any body at any entrance is answered in JSON and below 500', async () => {
  const path = fc.constantFrom('/', '/pipeline', '/multi-exec', '/get', '/set/k', '/script/load');
  await fc.assert(
    fc.asyncProperty(path, body, async (at, sent) => {
      const answer = await bridge.call(at, { body: sent });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  expect(await bridge.client.ping()).toBe('PONG');
});

test('any path is answered in JSON and below 500', async () => {
  const segments = fc.array(fc.oneof(fc.webSegment(), fc.constantFrom('%', '%zz', '%00', '..')));
  await fc.assert(
    fc.asyncProperty(segments, fc.webQueryParameters(), async (path, query) => {
      const answer = await bridge.call(`/${path.join('/')}?${query}`, { method: 'GET' });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  expect(await bridge.client.ping()).toBe('PONG');
});
