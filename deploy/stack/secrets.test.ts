import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepSecrets, makeSecrets } from './secrets.ts';

test('secrets are made once and kept for their owner alone', () => {
  const dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'deep', 'secrets.json');
  const made = keepSecrets(file);
  expect(keepSecrets(file)).toEqual(made);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a secret that an older file lacks is added to it, and the others stay', () => {
  const dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'secrets.json');
  const { device, ...older } = makeSecrets();
  writeFileSync(file, JSON.stringify(older));
  const filled = keepSecrets(file);
  expect(filled).toMatchObject(older);
  expect(filled.device).not.toBe(device);
  expect(keepSecrets(file)).toEqual(filled);
});

test('no two stacks share a secret', () => {
  const [one, other] = [Object.values(makeSecrets()), Object.values(makeSecrets())];
  expect(new Set([...one, ...other]).size).toBe(one.length + other.length);
});
