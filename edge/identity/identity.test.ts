import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { createIdentify } from './identity.ts';

const secret = 'a-secret-of-tokens-of-32-letters';
const identify = createIdentify({ kind: 'secret', secret }, createLog());

const sign = (
  payload: JWTPayload,
  { alg = 'HS256', by = secret }: { alg?: string; by?: string } = {},
): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(by));

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const askWith = (authorization: string) => identify(new Headers({ authorization }));
const askWithToken = (token: string) => askWith(`Bearer ${token}`);
const good = { sub: 'user-1', exp: inSeconds(60) };

describe('identity', () => {
  it('takes the user from a valid token', async () => {
    expect(await askWithToken(await sign(good))).toEqual({
      kind: 'caller',
      caller: { userId: 'user-1', isAdmin: false },
    });
    expect(await askWith(`bearer  ${await sign(good)}`)).toMatchObject({ kind: 'caller' });
  });

  it('knows an admin by the role, and by no other word', async () => {
    const caller = async (role: unknown) => askWithToken(await sign({ ...good, role }));
    expect(await caller('admin')).toMatchObject({ caller: { isAdmin: true } });
    for (const role of ['Admin', 'user', ['admin'], true, null]) {
      expect(await caller(role)).toMatchObject({ caller: { isAdmin: false } });
    }
  });

  it('forgives an issuer whose clock is five seconds ahead, and no token that has expired', async () => {
    const notBefore = (seconds: number) => sign({ ...good, nbf: inSeconds(seconds) });
    expect(await askWithToken(await notBefore(3))).toMatchObject({ kind: 'caller' });
    expect(await askWithToken(await notBefore(8))).toMatchObject({ kind: 'refuse' });
    const expired = await sign({ ...good, exp: inSeconds(-1) });
    expect(await askWithToken(expired)).toMatchObject({ kind: 'refuse' });
  });

  it.each([
    ['no expiry', () => sign({ sub: 'user-1' })],
    ['no user', () => sign({ exp: inSeconds(60) })],
    ['a user of another form', () => sign({ ...good, sub: 'user 1\n' })],
    ['an empty user', () => sign({ ...good, sub: '' })],
    ['a user too long', () => sign({ ...good, sub: 'x'.repeat(129) })],
    ['not valid yet', () => sign({ ...good, nbf: inSeconds(60) })],
    ['a forged signature', () => sign(good, { by: 'another-secret-of-32-letters-abc' })],
    ['another algorithm', () => sign(good, { alg: 'HS512', by: secret.repeat(2) })],
    ['no algorithm', async () => new UnsecuredJWT(good).encode()],
    ['a cut signature', async () => (await sign(good)).slice(0, -2)],
    ['no token at all', async () => 'x.y.z'],
    ['too much', async () => 'x'.repeat(5_000)],
  ])('refuses a token with %s', async (_what, make) => {
    expect(await askWithToken(await make())).toEqual({
      kind: 'refuse',
      refusal: { kind: 'unauthenticated' },
    });
  });

  it('refuses every other way to sign in', async () => {
    const token = await sign(good);
    for (const header of ['', token, `Basic ${token}`, `Bearer ${token} ${token}`]) {
      expect(await askWith(header)).toMatchObject({ kind: 'refuse' });
    }
    expect(await identify(new Headers())).toMatchObject({ kind: 'refuse' });
  });

  it('cannot tell while the keys cannot be had', async () => {
    const keyless = createIdentify({ kind: 'jwks', url: 'http://127.0.0.1:1/jwks' }, createLog());
    const { privateKey } = await generateKeyPair('EdDSA');
    const header = { alg: 'EdDSA', kid: 'k' };
    const token = await new SignJWT(good).setProtectedHeader(header).sign(privateKey);
    expect(await keyless(new Headers({ authorization: `Bearer ${token}` }))).toMatchObject({
      refusal: { kind: 'unavailable' },
    });
    // A token of the secret's algorithm is refused without asking for keys.
    const other = new Headers({ authorization: `Bearer ${await sign(good)}` });
    expect(await keyless(other)).toMatchObject({ refusal: { kind: 'unauthenticated' } });
  });
});
