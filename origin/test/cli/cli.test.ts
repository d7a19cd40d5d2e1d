// The CLI as a person or a script calls it: a process, its output, its exit code.
import { exec, execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../../deploy/local/services/ports.ts';
import { parseActivityTerms } from '../../../shared/activity.ts';
import { createTokenCheck } from '../../signature/admin-token.ts';
import { openStore } from '../../store/open-store.ts';
import { sqliteTarget } from '../store/stores.ts';

const CLI = resolve(import.meta.dirname, '../../cli/cli.ts');
const SECRET = 'a-secret-of-this-test-0000';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { promise, resolve: end } = Promise.withResolvers<Ended>();
  const options = { env: { PROFILE: 'testing', JWT_SECRET: SECRET, ...env } };
  const child = execFile(process.execPath, [CLI, ...args], options, (_error, stdout, stderr) => {
    end({ code: child.exitCode ?? -1, stdout, stderr });
  });
  return promise;
}

describe('the CLI', () => {
  it('tells what it can do, to those too who do not read to the end', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['migrate', 'token', 'activity create', 'activity get', 'explain']) {
      expect(help.stdout).toContain(name);
    }
    const cut = await promisify(exec)(`${process.execPath} ${CLI} --help | true`);
    expect(cut.stderr).toBe('');
  });

  it('tells of one command, and of a group', async () => {
    expect((await run(['dlq', '--help'])).stdout).toContain('dlq replay');
    const usage = await run(['token', '--help']);
    expect(usage).toMatchObject({ code: 0, stdout: expect.stringContaining('token <userId>') });
  });

  it('is not content with being called for nothing', async () => {
    expect((await run([])).code).toBe(2);
    expect(await run(['sell'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"sell"'),
    });
    const group = await run(['line']);
    expect(group).toMatchObject({ code: 2, stderr: expect.stringContaining('line unpin') });
    expect(group.stderr).not.toContain('activity');
    expect((await run(['sell', '--help'])).code).toBe(2);
  });

  it('counts what a sale has sold, beside its origin', async () => {
    const file = join(inject('scratchDir'), 'totals', 'sale.sqlite');
    mkdirSync(dirname(file), { recursive: true });
    const store = await openStore({ kind: 'sqlite', file });
    const activityId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    const parsed = parseActivityTerms(
      {
        ...{ skuId: 'totals', stock: 7, price: 1 },
        ...{ startAt: '2026-01-01T00:00:00Z', endAt: '2099-01-01T00:00:00Z' },
        draw: false,
      },
      { createdAt: 0 },
    );
    if (parsed.kind === 'invalid') throw new Error('the terms are wrong');
    await store.insertActivity({ activityId, terms: parsed.terms, now: Date.now() });
    await store.markLoaded({ activityId, runId: 'some-server' });
    const totals = await run(['activity', 'totals', activityId], { SQLITE_FILE: file });
    const history = await run(['activity', 'history', activityId], { SQLITE_FILE: file });
    expect(history).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^\S+Z {2}system {2}create {2}version 1 {2}.*stock: 7.*endAt: 2099-01-01T/,
      ),
    });
    expect(totals).toMatchObject({ code: 0, stdout: expect.stringContaining('0 of 7 units') });
    const unknown = await run(['activity', 'totals', 'none'], { SQLITE_FILE: file });
    expect(unknown).toMatchObject({ code: 1, stderr: 'There is no activity none.\n' });
    await store.close();
  });

  it('mints tokens that the origin accepts, in local profiles alone', async () => {
    const checkToken = createTokenCheck({ secret: SECRET, jwksUrl: undefined });
    const buyer = await run(['token', 'bob']);
    expect(await checkToken(`Bearer ${buyer.stdout.trim()}`)).toEqual({
      kind: 'caller',
      caller: { sub: 'bob' },
    });
    const admin = await run(['token', 'ada', '--admin', '--json']);
    expect(await checkToken(`Bearer ${JSON.parse(admin.stdout).token}`)).toEqual({
      kind: 'caller',
      caller: { sub: 'ada', role: 'admin' },
    });
    const secrets = { RECEIPT_SECRET: 'r'.repeat(16), USER_KEY_SECRET: 'u'.repeat(16) };
    const deployed = {
      ...secrets,
      EDGE_SIGNATURE_KEYS: `k:${'e'.repeat(16)}`,
      MYSQL_PASSWORD: 'p',
      ORIGIN_HOSTNAMES: 'origin.example.com',
      WEBHOOK_SECRET: `whsec_${'w'.repeat(32)}`,
      PAYMENT_GATEWAY: 'https://pay.example.com',
      PAYMENT_GATEWAY_SECRET: 'g'.repeat(16),
    };
    const refused = await run(['token', 'bob'], { PROFILE: 'production', ...deployed });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('not minted in profile production');
  });

  it.each([[['token']], [['token', 'a b']], [['token', 'a', 'b']], [['token', 'a', '--root']]])(
    'explains itself to %o',
    async (args) => {
      expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
    },
  );

  it('shows the configuration without its secrets, or all that is wrong with it', async () => {
    const shown = await run(['config', 'check', '--offline', '--json'], { ORIGIN_PORT: '1234' });
    expect(JSON.parse(shown.stdout)).toMatchObject({
      settings: { ORIGIN_PORT: 1_234, JWT_SECRET: '********' },
    });
    expect(shown.stdout).not.toContain(SECRET);
    expect(shown.stdout).not.toContain('local-development');
    const faulty = await run(['config', 'check'], { ORIGIN_PORT: 'x', STACK: 'half' });
    expect(faulty.code).toBe(1);
    expect(faulty.stderr).toContain('ORIGIN_PORT');
    expect(faulty.stderr).toContain('STACK');
  });

  it('brings a database up to date, again and again', async () => {
    const env = { STACK: 'embedded', SQLITE_FILE: sqliteTarget().file };
    const first = await run(['migrate', '--json'], env);
    expect(JSON.parse(first.stdout).migrated).not.toEqual([]);
    const second = await run(['migrate'], env);
    expect(second).toMatchObject({ code: 0, stdout: `${env.SQLITE_FILE} is up to date\n` });
  });
});

describe('the CLI and the origin', () => {
  const requests: { method: string; url: string; authorization: string; body: string }[] = [];
  const origin = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { method = '', url = '', headers } = request;
    const { authorization = '' } = headers;
    const body = Buffer.concat(chunks).toString();
    requests.push({ method, url, authorization, body });
    response.statusCode = url.endsWith('/unknown') ? 404 : 200;
    response.end('{"activityId":"A"}');
  });
  let env: Record<string, string>;
  beforeAll(async () => {
    const { promise, resolve: listening } = Promise.withResolvers<void>();
    origin.listen(0, '127.0.0.1', listening);
    await promise;
    const address: AddressInfo | string | null = origin.address();
    env = { ORIGIN_PORT: String(typeof address === 'object' ? address?.port : '') };
  });
  afterAll(() => origin.close());

  it('asks for an activity as an administrator', async () => {
    const shown = await run(['activity', 'get', 'A/..'], env);
    expect(shown).toMatchObject({ code: 0, stdout: '{\n  "activityId": "A"\n}\n' });
    const asked = requests.at(-1);
    expect([asked?.method, asked?.url]).toEqual(['GET', '/api/activities/A%2F..']);
    const checkToken = createTokenCheck({ secret: SECRET, jwksUrl: undefined });
    expect(await checkToken(asked?.authorization)).toMatchObject({ caller: { role: 'admin' } });
  });

  it('ends with 1 and says why when the origin refuses or is away', async () => {
    const refused = await run(['activity', 'get', 'unknown'], env);
    expect(refused).toMatchObject({ code: 1, stderr: '404 {"activityId":"A"}\n' });
    const away = await run(['activity', 'get', 'A'], { ORIGIN_PORT: String(await freePort()) });
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
    const missing = await run(['activity', 'create', '/nowhere.json'], env);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') });
  });
});

describe('explain', () => {
  const { host, port } = inject('services').redis;
  const env = { EDGE_REDIS_HOST: host, EDGE_REDIS_PORT: String(port) };

  it.each([[['explain']], [['explain', 'ABC']], [['explain', '7K3M-9QXA-41TU']]])(
    'takes references alone: %o',
    async (args) => {
      expect(await run(args, env)).toMatchObject({ code: 2 });
    },
  );

  it('says when nothing is known, or nobody can be asked', async () => {
    const unknown = await run(['explain', '0000-0000-0000'], env);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing is known') });
    const nowhere = { ...env, EDGE_REDIS_PORT: String(await freePort()) };
    const away = await run(['explain', '0000-0000-0000'], nowhere);
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('Redis was not ready') });
  });
});
