import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkEdge, variablesOf } from './edge-check.ts';

const dir = mkdtempSync(join(tmpdir(), 'edge-check-'));
afterAll(() => rmSync(dir, { recursive: true }));

const HUSH = 'a-secret-that-nobody-may-read';
const secrets = {
  JWT_SECRET: HUSH,
  REDIS_REST_TOKEN: HUSH,
  EDGE_SIGNATURE_KEY: `key-1:${HUSH}`,
  TICKET_SECRET: HUSH,
  USER_KEY_SECRET: HUSH,
  DEVICE_SECRET: HUSH,
};

function check(environment: string, file?: string) {
  const said: { values: unknown[]; lines: string[] } = { values: [], lines: [] };
  const output = {
    result(value: unknown, lines: readonly string[]) {
      said.values.push(value);
      said.lines.push(...lines);
    },
    fault: (text: string) => said.lines.push(text),
  };
  const secretsFile = file === undefined ? undefined : join(dir, 'secrets');
  if (secretsFile !== undefined) writeFileSync(secretsFile, file ?? '');
  const code = checkEdge({ environment, secretsFile }, output);
  return { code, value: said.values[0], text: said.lines.join('\n') };
}

describe('what the Worker gets', () => {
  it.each(['local', 'staging', 'production'])('is complete in %s, its secrets apart', (name) => {
    const { code, text } = check(name);
    expect(code).toBe(0);
    expect(text).toContain('Secrets were not looked at');
  });

  it('is shown with its defaults and without its secrets', () => {
    const { code, value, text } = check('production', JSON.stringify(secrets));
    expect(code).toBe(0);
    expect(value).toMatchObject({
      settings: { PROFILE: 'production', JWT_SECRET: '********', PROOF_MAX_NUMBER: '50000' },
      faults: [],
    });
    expect(text).not.toContain(HUSH);
  });

  it('is refused with all that is wrong', () => {
    const lines = Object.entries({
      ...secrets,
      JWT_SECRET: 'local-development-jwt-secret-0000',
      TICKET_SECRET: 'short',
      SALES_CLOSE: 'true',
    });
    const { code, value } = check('production', lines.map((line) => line.join('=')).join('\n'));
    expect(code).toBe(1);
    expect(value).toMatchObject({
      faults: ['SALES_CLOSE is not known', 'TICKET_SECRET must have at least 16 characters'],
    });
    const known = JSON.stringify({ ...secrets, JWT_SECRET: 'local-development-jwt-secret-0000' });
    expect(check('production', known).value).toMatchObject({
      faults: ['JWT_SECRET is the one for development'],
    });
    expect(() => check('production', '{"JWT_SECRET": hush')).toThrow('is not valid JSON');
    expect(() => check('elsewhere')).toThrow('it knows local, staging, production');
  });
});

it('reads the variables of one environment', () => {
  const toml = '[env.a.vars]\nPROFILE = "local"\n\n[env.b]\n[env.b.vars]\n# why\nX = "1 # 2" # 3\n';
  expect(variablesOf(toml, 'a')).toEqual({ PROFILE: 'local' });
  expect(variablesOf(toml, 'b')).toEqual({ X: '1 # 2' });
  expect(() => variablesOf('[env.a.vars]\nX = 1\n', 'a')).toThrow('no text variable');
});
