import { describe, expect, it } from 'vitest';
import { readSettings } from './edge-settings.ts';

const secret = 'a-secret-of-enough-characters';
const bindings = {
  PROFILE: 'production',
  JWT_SECRET: secret,
  REDIS_REST_URL: 'https://redis.example.com',
  REDIS_REST_TOKEN: secret,
  ORIGIN_FALLBACK: 'https://origin.example.com',
  ORIGIN_SUFFIX: 'example.com',
  EDGE_SIGNATURE_KEY: `key-1:${secret}:with:colons`,
  TICKET_SECRET: secret,
  USER_KEY_SECRET: secret,
  DEVICE_SECRET: secret,
};

const faultsOf = (changes: Readonly<Record<string, unknown>>) => {
  const read = readSettings({ ...bindings, ...changes });
  return read.kind === 'faulty' ? read.faults : [];
};

describe('settings', () => {
  it('come out complete from complete bindings', () => {
    const read = readSettings(bindings);
    expect(read).toMatchObject({
      kind: 'settings',
      settings: {
        profile: 'production',
        tokens: { kind: 'secret', secret },
        signatureKey: { id: 'key-1', secret: `${secret}:with:colons` },
        isClosed: false,
      },
    });
  });

  it('report every fault at once', () => {
    const read = readSettings({ PROFILE: 'prod', SALES_CLOSED: 'yes', TICKET_SECRET: 'short' });
    expect(read.kind === 'faulty' && read.faults).toEqual([
      'PROFILE must be among local, staging, production, testing',
      'REDIS_REST_URL is required',
      'REDIS_REST_TOKEN is required',
      'ORIGIN_FALLBACK is required',
      'EDGE_SIGNATURE_KEY is required',
      'TICKET_SECRET must have at least 16 characters',
      'USER_KEY_SECRET is required',
      'DEVICE_SECRET is required',
      'SALES_CLOSED must be true or false',
    ]);
  });

  it('want exactly one way to check tokens', () => {
    const fault = 'JWT_SECRET or JWKS_URL, one of the two, is required';
    expect(faultsOf({ JWT_SECRET: undefined })).toEqual([fault]);
    expect(faultsOf({ JWKS_URL: 'https://keys.example.com/jwks' })).toEqual([fault]);
  });

  it('want https everywhere but on a developer’s machine', () => {
    const url = 'http://redis.example.com';
    expect(faultsOf({ REDIS_REST_URL: url })).toEqual([
      'REDIS_REST_URL must begin with https in this profile',
    ]);
    expect(faultsOf({ REDIS_REST_URL: url, PROFILE: 'local' })).toEqual([]);
  });

  it('want a suffix for origins everywhere but on a developer’s machine', () => {
    const changes = { ORIGIN_SUFFIX: undefined };
    expect(faultsOf(changes)).toEqual(['ORIGIN_SUFFIX is required in this profile']);
    expect(faultsOf({ ...changes, PROFILE: 'local' })).toEqual([]);
  });

  it('bound how much work a proof may ask', () => {
    const maxNumber = (text: string) => faultsOf({ PROOF_MAX_NUMBER: text });
    expect(maxNumber('100')).toEqual([]);
    expect(maxNumber('99')).toEqual(['PROOF_MAX_NUMBER must be at least 100']);
    expect(maxNumber('10000001')).toEqual(['PROOF_MAX_NUMBER must be at most 10000000']);
    expect(maxNumber('1e3')).toEqual(['PROOF_MAX_NUMBER must be a whole number']);
  });

  it('want Turnstile whole or not at all', () => {
    const fault = 'TURNSTILE_SITE_KEY and TURNSTILE_SECRET go together';
    expect(faultsOf({ TURNSTILE_SITE_KEY: '1x0000' })).toEqual([fault]);
    expect(faultsOf({ TURNSTILE_SECRET: '1x0000' })).toEqual([fault]);
    expect(faultsOf({ TURNSTILE_SITE_KEY: '1x0000', TURNSTILE_SECRET: '1x0000' })).toEqual([]);
  });

  it('refuse secrets that everybody knows, but on a developer’s machine', () => {
    const known = {
      JWT_SECRET: 'local-development-jwt-secret-0000',
      TURNSTILE_SITE_KEY: '0x4AAA',
      TURNSTILE_SECRET: '1x0000000000000000000000000000000AA',
    };
    expect(faultsOf(known)).toEqual([
      'JWT_SECRET is the one for development',
      'TURNSTILE_SECRET is the one for development',
    ]);
    expect(faultsOf({ ...known, PROFILE: 'local' })).toEqual([]);
  });

  it('never repeat a secret in a fault', () => {
    const faults = faultsOf({ EDGE_SIGNATURE_KEY: 'no-colon-secret', TICKET_SECRET: 'hush' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toMatch(/no-colon-secret|hush/);
  });
});
