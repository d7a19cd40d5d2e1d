// What the bridge refuses: nothing reaches Redis, and the answer says why.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, LIMITS, startBridge } from './bridge.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge.stop());

const json = (value: unknown) => ({ body: JSON.stringify(value) });
const failure = (status: number, error: string) => ({
  status,
  body: { error: expect.stringContaining(error) },
});

test.each(['Bearer wrong', 'Bearer ', 'Basic YTpi', ''])(
  'with %j as authorization every call is 401',
  async (authorization) => {
    const key = randomUUID();
    for (const path of ['/', '/pipeline', '/multi-exec', `/set/${key}/1`]) {
      const answer = await bridge.call(path, {
        ...json(['SET', key, 1]),
        headers: { authorization },
      });
      expect(answer).toMatchObject(failure(401, 'Unauthorized'));
    }
    expect(await bridge.client.exists(key)).toBe(0);
  },
);

test.each([
  [['FLUSHALL']],
  [['flushdb']],
  [['CONFIG', 'GET', '*']],
  [['KEYS', '*']],
  [['SCAN', 0]],
  [['EVAL_RO', 'return 1', 0]],
  [['EVALSHA_RO', '0'.repeat(40), 0]],
  [['FCALL', 'f', 0]],
  [['SCRIPT', 'FLUSH']],
  [['SCRIPT', 'KILL']],
  [['DEBUG', 'SLEEP', 0]],
  [['SHUTDOWN']],
  [['MULTI']],
  [['CLIENT', 'KILL', 'TYPE', 'normal']],
  [['SUBSCRIBE', 'c']],
  [['QUIT']],
])('%j is not allowed, in whatever form it comes', async (words) => {
  const key = randomUUID();
  const refused = failure(400, 'ERR command not allowed');
  expect(await bridge.call('/', json(words))).toMatchObject(refused);
  expect(await bridge.call(`/${words.map(encodeURIComponent).join('/')}`)).toMatchObject(refused);
  const inPipeline = await bridge.call('/pipeline', json([['PING'], words]));
  expect(inPipeline.body).toEqual([{ result: 'PONG' }, { error: 'ERR command not allowed' }]);
  const inTransaction = await bridge.call('/multi-exec', json([['SET', key, 1], words]));
  expect(inTransaction).toMatchObject(refused);
  expect(await bridge.client.exists(key)).toBe(0);
});

test('a body over the limit is refused, whether its length is announced or not', async () => {
  const body = 'x'.repeat(LIMITS.bodyBytes + 1);
  expect(await bridge.call('/', { body })).toMatchObject(failure(413, 'too large'));
  const chunked: RequestInit & { duplex: 'half' } = {
    body: new Blob([body]).stream(),
    duplex: 'half',
  };
  expect(await bridge.call('/', chunked)).toMatchObject(failure(413, 'too large'));
});

test('a pipeline or transaction over the limit is refused whole', async () => {
  const key = randomUUID();
  const commands = Array(LIMITS.pipelineCommands + 1).fill(['INCR', key]);
  for (const path of ['/pipeline', '/multi-exec']) {
    expect(await bridge.call(path, json(commands))).toMatchObject(failure(413, 'commands'));
    expect((await bridge.call(path, json(commands.slice(1)))).status).toBe(200);
  }
  expect(await bridge.client.get(key)).toBe(2 * LIMITS.pipelineCommands);
});

test('a value over the limit is refused, and its pipeline with it', async () => {
  const key = randomUUID();
  const value = 'x'.repeat(LIMITS.valueBytes + 1);
  expect(await bridge.call('/', json(['SET', key, value]))).toMatchObject(failure(413, 'bytes'));
  expect(await bridge.call(`/set/${key}`, { body: value })).toMatchObject(failure(413, 'bytes'));
  const pipeline = json([
    ['SET', key, 1],
    ['SET', key, value],
  ]);
  expect(await bridge.call('/pipeline', pipeline)).toMatchObject(failure(413, 'bytes'));
  expect(await bridge.client.exists(key)).toBe(0);
  expect((await bridge.call('/', json(['SET', key, value.slice(1)]))).status).toBe(200);
});

test('JSON as deep as its body may be is malformed, not fatal', async () => {
  const depth = 40_000;
  const body = '['.repeat(depth) + ']'.repeat(depth);
  for (const path of ['/', '/pipeline', '/multi-exec']) {
    expect(await bridge.call(path, { body })).toMatchObject(failure(400, 'ERR'));
  }
});

test.each(['', '{', 'null', '"PING"', '{"0":"PING"}', '[]', '[null]', '[["PING"]]', '[""]'])(
  '%j is no command',
  async (body) => {
    expect(await bridge.call('/', { body })).toMatchObject(failure(400, 'ERR'));
  },
);

test('other methods are refused', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const answer = await bridge.call('/', { method, body: '["PING"]' });
    expect(answer).toMatchObject(failure(405, 'method'));
    expect(answer.headers.get('allow')).toBe('GET, POST');
  }
});
