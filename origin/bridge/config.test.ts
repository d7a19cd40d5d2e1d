import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bridgeSettings, readBridgeConfig } from './config.ts';

const TOKEN = 'a-token-of-enough-length';

function configOf(environment: Record<string, string>) {
  const result = readBridgeConfig(environment);
  if (result.kind === 'invalid') throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  const result = readBridgeConfig(environment);
  return result.kind === 'invalid' ? result.problems : [];
}

test('a token is all that must be set', () => {
  expect(configOf({ BRIDGE_TOKEN: TOKEN })).toEqual({
    host: '127.0.0.1',
    port: 8079,
    token: TOKEN,
    redis: { host: 'localhost', port: 6379, isCluster: false },
    timeoutMs: 1_000,
    limits: { bodyBytes: 1_048_576, pipelineCommands: 64, valueBytes: 65_536 },
  });
});

test('the Redis of the edge is the one of the origin unless it has an address of its own', () => {
  const origin = { BRIDGE_TOKEN: TOKEN, REDIS_HOST: 'origin.internal', REDIS_PORT: '7000' };
  const ofOrigin = { host: 'origin.internal', port: 7_000, isCluster: false };
  expect(configOf(origin).redis).toEqual(ofOrigin);
  const edge = { ...origin, EDGE_REDIS_HOST: 'edge.internal', EDGE_REDIS_PORT: '7001' };
  expect(configOf(edge).redis).toEqual({ host: 'edge.internal', port: 7_001, isCluster: false });
  const spread = { ...origin, REDIS_CLUSTER: 'true' };
  expect(configOf(spread).redis).toEqual({ ...ofOrigin, isCluster: true });
  expect(configOf({ ...spread, EDGE_REDIS_CLUSTER: 'false' }).redis).toEqual(ofOrigin);
});

test('all problems are reported at once, an empty variable as one that is not set', () => {
  const problems = problemsOf({
    BRIDGE_TOKEN: '',
    BRIDGE_PORT: '65536',
    BRIDGE_TIMEOUT_MS: '1.5',
    BRIDGE_PIPELINE_LIMIT: '-1',
    EDGE_REDIS_HOST: 'two words',
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'BRIDGE_PORT',
    'BRIDGE_TOKEN',
    'BRIDGE_TIMEOUT_MS',
    'BRIDGE_PIPELINE_LIMIT',
    'EDGE_REDIS_HOST',
  ]);
});

test('a token with spaces or line breaks is refused, for no header could carry it', () => {
  expect(problemsOf({ BRIDGE_TOKEN: `${TOKEN} and more` })).toHaveLength(1);
  expect(problemsOf({ BRIDGE_TOKEN: `${TOKEN}\nmore` })).toHaveLength(1);
});

test('the token may be the text of a file, which must be readable and the only source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-config-'));
  const file = join(folder, 'token');
  writeFileSync(file, `${TOKEN}\n`);
  try {
    expect(configOf({ BRIDGE_TOKEN_FILE: file }).token).toBe(TOKEN);
    expect(problemsOf({ BRIDGE_TOKEN_FILE: file, BRIDGE_TOKEN: TOKEN })).toHaveLength(1);
    expect(problemsOf({ BRIDGE_TOKEN_FILE: `${file}.gone` })[0]).toContain('BRIDGE_TOKEN_FILE');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what comes out cannot be changed', () => {
  const config = configOf({ BRIDGE_TOKEN: TOKEN });
  for (const part of [config, config.redis, config.limits]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('the help names every setting and shows its default', () => {
  const help = bridgeSettings().join('\n');
  expect(help).toContain('BRIDGE_TOKEN ');
  expect(help).toMatch(/BRIDGE_PORT .*\[8079\]/);
});
