// Commands on an operator's machine: no secret of the origin, a token of the operator's own.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '../../../deploy/local/services/ports.ts';
import { activityBody } from '../activities/activity-api.ts';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { runCli } from './run-cli.ts';

let origin: EmbeddedOrigin;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
});
afterAll(() => origin?.close());

const PROFILE = 'production';
const tokenOf = (claims: Record<string, unknown>, expires = '1 h'): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(JWT_SECRET));

function fileOf(text: string): string {
  const file = join(inject('scratchDir'), randomUUID());
  writeFileSync(file, text);
  return file;
}

it('manages activities in production by a token from a file, under the operator’s name', async () => {
  const ADMIN_TOKEN_FILE = fileOf(`${await tokenOf({ sub: 'olivia', role: 'admin' })}\n`);
  const env = { PROFILE, ADMIN_URL: origin.url, ADMIN_TOKEN_FILE };
  const terms = activityBody();
  const created = await runCli(
    ['activity', 'create', fileOf(JSON.stringify(terms)), '--json'],
    env,
  );
  expect(created).toMatchObject({ code: 0, stderr: '' });
  const { activityId } = JSON.parse(created.stdout);
  const [listed, stale] = await Promise.all([
    runCli(['activity', 'list', '--sku', terms.skuId], env),
    runCli(['activity', 'delete', activityId, '--if-match', '"9"'], env),
  ]);
  expect(listed.stdout).toMatch(`${activityId}  SCHEDULED  ${terms.skuId}  0 of 100  2030-01-01`);
  expect(stale).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^412 version-conflict: /),
  });
  const history = await origin.rows.activityHistory(activityId);
  expect(history).toMatchObject([{ actor: 'olivia', action: 'create' }]);
});

it('says what is at fault with each member, to a person and to a program', async () => {
  const ADMIN_TOKEN = await tokenOf({ sub: 'olivia', role: 'admin' });
  const env = { PROFILE, ADMIN_URL: origin.url, ADMIN_TOKEN };
  const file = fileOf(JSON.stringify({ ...activityBody(), stock: 0 }));
  const [read, parsed] = await Promise.all([
    runCli(['activity', 'create', file], env),
    runCli(['activity', 'create', file, '--json'], env),
  ]);
  expect(read.stderr).toMatch(/^422 invalid: .*\n {2}\/stock: .*\n {2}request \S+\n$/);
  const { fault, status, answer } = JSON.parse(parsed.stderr);
  expect([parsed.code, status, fault]).toEqual([1, 422, expect.stringContaining('/stock')]);
  expect(JSON.parse(answer)).toMatchObject({ type: '/problems/invalid' });
});

it('says clearly why it cannot ask', async () => {
  const admin = await tokenOf({ sub: 'olivia', role: 'admin' });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const cases: [Record<string, string>, RegExp][] = [
    [{}, /^In profile production this needs ADMIN_TOKEN or ADMIN_TOKEN_FILE/],
    [{ ADMIN_TOKEN: 'secret' }, /ADMIN_TOKEN must be a JSON Web Token/],
    [{ ADMIN_TOKEN: await tokenOf({ role: 'admin' }, '-1 h') }, /^ADMIN_TOKEN ran out at 20/],
    [{ ADMIN_TOKEN: await tokenOf({ sub: 'eve' }) }, /^ADMIN_TOKEN has not the role admin/],
    [{ ADMIN_TOKEN_FILE: '/nowhere' }, /^ADMIN_TOKEN_FILE cannot be read/],
    [{ ADMIN_TOKEN: admin, ADMIN_TOKEN_FILE: '/nowhere' }, /are both set/],
    [{ ADMIN_TOKEN: admin, ADMIN_URL: nobody }, /does not answer: .*ECONNREFUSED/],
    [{ ADMIN_TOKEN: `${admin.slice(0, -4)}AAAA`, ADMIN_URL: origin.url }, /^401 unauthenticated/],
  ];
  const ended = await Promise.all(
    cases.map(([env]) => runCli(['activity', 'list'], { PROFILE, ...env })),
  );
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(cases[index]?.[1] ?? '');
    expect(stderr).not.toContain(admin.slice(-20, -4));
  }
}, 60_000);
