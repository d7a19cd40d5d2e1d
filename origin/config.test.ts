import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const secrets = {
  JWT_SECRET: 'x'.repeat(32),
  EDGE_SIGNATURE_KEYS: `a:${'y'.repeat(32)}`,
  RECEIPT_SECRET: 'z'.repeat(32),
  USER_KEY_SECRET: 'w'.repeat(32),
  WEBHOOK_SECRET: `whsec_${'v'.repeat(32)}`,
  PAYMENT_GATEWAY: 'https://pay.example.com',
  PAYMENT_GATEWAY_SECRET: 'u'.repeat(32),
  MYSQL_PASSWORD: 'p',
  ORIGIN_HOSTNAMES: 'origin-1.example.com',
};

describe('the configuration', () => {
  it('needs nothing locally', () => {
    const result = parseConfig({});
    expect(result).toMatchObject({
      kind: 'config',
      config: { PROFILE: 'local', STACK: 'embedded', ORIGIN_PORT: 8084, EDGE_REDIS_PORT: 6379 },
    });
  });

  it('takes the edge Redis to be the inventory Redis unless told otherwise', () => {
    expect(parseConfig({ REDIS_HOST: 'r', REDIS_PORT: '7000' })).toMatchObject({
      config: { EDGE_REDIS_HOST: 'r', EDGE_REDIS_PORT: 7000 },
    });
  });

  it('names every fault at once', () => {
    const result = parseConfig({
      PROFILE: 'production',
      STACK: 'embedded',
      REDIS_PORT: 'x',
      ORIGIN_PORT: '70000',
      ALLOW_UNSIGNED: 'yes',
    });
    const faults = result.kind === 'faults' ? result.faults.join('\n') : '';
    for (const name of [
      'REDIS_PORT',
      'ORIGIN_PORT',
      'ALLOW_UNSIGNED',
      'EDGE_SIGNATURE_KEYS',
      'RECEIPT_SECRET',
      'USER_KEY_SECRET',
    ]) {
      expect(faults).toContain(name);
    }
  });

  it.each([
    [{ STACK: 'embedded' }, 'STACK must be full'],
    [{ ALLOW_UNSIGNED: 'true' }, 'ALLOW_UNSIGNED is refused'],
    [{ PAYMENT_GATEWAY: undefined }, 'PAYMENT_GATEWAY is required'],
    [{ PAYMENT_GATEWAY_PUBLIC: 'http://pay.example.com' }, 'where buyers pay must begin with'],
    [{ PAYMENT_GATEWAY_SECRET: undefined }, 'go together'],
    [{ WEBHOOK_SECRET: 'whsec_short' }, 'WEBHOOK_SECRET must be'],
    [{ MYSQL_PASSWORD: undefined }, 'MYSQL_PASSWORD is required'],
    [{ JWT_SECRET: undefined }, 'JWT_SECRET or JWKS_URL'],
    [{ RECEIPT_SECRET: 'local-development-receipt-secret' }, 'RECEIPT_SECRET is the one for'],
    [{ ORIGIN_HOSTNAMES: undefined }, 'ORIGIN_HOSTNAMES is required'],
    [{ ORIGIN_HOSTNAMES: 'localhost,origin.example.com' }, 'must not begin with a loopback name'],
    [{ JWKS_URL: 'http://keys.example.com' }, 'JWKS_URL must begin with https'],
  ])('of production refuses %o', (change, fault) => {
    const result = parseConfig({ PROFILE: 'production', ...secrets, ...change });
    expect(result.kind === 'faults' && result.faults.join()).toContain(fault);
  });

  it('of production has no development secrets', () => {
    const result = parseConfig({ PROFILE: 'production', ...secrets });
    expect(result).toMatchObject({ kind: 'config', config: { STACK: 'full' } });
  });

  it('reads secrets from files and says which cannot be read', () => {
    const result = parseConfig({ RECEIPT_SECRET_FILE: '/does/not/exist' });
    expect(result).toEqual({ kind: 'faults', faults: ['RECEIPT_SECRET_FILE cannot be read'] });
  });
});
