// Tokens of an identity provider, verified by its published keys.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, inject, it } from 'vitest';
import { play } from './origin-records.ts';
import { fresh, openShop } from './shop.ts';

const { originUrl } = inject('surroundings');

it('are good when a published key signed them, and only then', async () => {
  const alg = 'EdDSA';
  const [published, other] = [await generateKeyPair(alg), await generateKeyPair(alg)];
  const jwk = { ...(await exportJWK(published.publicKey)), alg, kid: 'key-1' };
  // Whoever asks for keys has no name.
  await play('/jwks', { how: 'answer', status: 200, body: JSON.stringify({ keys: [jwk] }) });
  const shop = openShop({ JWT_SECRET: undefined, JWKS_URL: `${originUrl}/jwks` });
  const statusWith = async (key: CryptoKey, kid: string) => {
    const token = await new SignJWT({ role: 'admin' })
      .setProtectedHeader({ alg, kid })
      .setSubject(fresh('user'))
      .setExpirationTime('1h')
      .sign(key);
    const headers = { authorization: `Bearer ${token}` };
    return (await shop.fetch('/api/activities/a%2Fb', { headers })).status;
  };
  expect(await statusWith(published.privateKey, 'key-1')).toBe(404);
  expect(await statusWith(other.privateKey, 'key-1')).toBe(401);
  expect(await statusWith(other.privateKey, 'key-2')).toBe(401);
  const { status } = await shop.fetch('/api/dev/token', { method: 'POST' });
  expect(status).toBe(404);
});
