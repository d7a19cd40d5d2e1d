import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEVICE_TOKEN_MAX_LENGTH } from '../../shared/device.ts';
import { createDeviceTokens, type DeviceToken } from './device-token.ts';

const tokens = createDeviceTokens('a-secret-of-device-tokens');
const token: DeviceToken = {
  user: 'A'.repeat(22),
  names: { device: 'B'.repeat(22), hardware: 'C'.repeat(22) },
  score: 42,
  hits: ['first-rule', 'second-rule'],
  level: 'strong',
  likeness: 'masked',
  hasDevice: true,
  hasInput: false,
  issuedAt: 1_000,
  expiresAt: 2_000,
};
const theirs = { user: token.user, now: 1_500 };

describe('a device token', () => {
  it('opens as it was sealed', async () => {
    expect(await tokens.open(await tokens.seal(token), theirs)).toEqual(token);
  });

  it('says nothing to whoever carries it, not even that it is the same', async () => {
    const [one, other] = [await tokens.seal(token), await tokens.seal(token)];
    expect(one).not.toBe(other);
    expect(atob(one.slice(2).replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('rule');
  });

  it('is nobody else’s, nor anybody’s from its last moment on', async () => {
    const text = await tokens.seal(token);
    expect(await tokens.open(text, { ...theirs, user: 'D'.repeat(22) })).toBeUndefined();
    expect(await tokens.open(text, { ...theirs, now: 2_000 })).toBeUndefined();
  });

  it('does not open with another secret', async () => {
    const text = await createDeviceTokens('another-secret-of-device-tokens').seal(token);
    expect(await tokens.open(text, theirs)).toBeUndefined();
  });

  it('does not open with any character changed, left out or added', async () => {
    const text = await tokens.seal(token);
    for (let at = 0; at < text.length; at += 1) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ 1);
      const [before, after] = [text.slice(0, at), text.slice(at + 1)];
      expect(await tokens.open(before + changed + after, theirs)).toBeUndefined();
      expect(await tokens.open(before + after, theirs)).toBeUndefined();
    }
    expect(await tokens.open(`${text}A`, theirs)).toBeUndefined();
    expect(await tokens.open(`${text}=`, theirs)).toBeUndefined();
  });

  it('is undefined, and never thrown, for whatever text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (text) => {
        expect(await tokens.open(text, theirs)).toBeUndefined();
        expect(await tokens.open(`1.${text}`, theirs)).toBeUndefined();
      }),
    );
  });

  it('fits its header, however many rules hit', async () => {
    const hits = Array.from({ length: 40 }, (_, index) => `a-rather-long-name-of-rule-${index}`);
    const text = await tokens.seal({
      ...token,
      hits,
      score: 100,
      issuedAt: 9_000_000_000_000,
      expiresAt: 9_000_000_000_000,
    });
    expect(text.length).toBeLessThanOrEqual(DEVICE_TOKEN_MAX_LENGTH);
    expect((await tokens.open(text, theirs))?.hits).toEqual(hits.slice(0, 4));
  });
});
