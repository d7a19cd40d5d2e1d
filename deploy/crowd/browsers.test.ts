import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { deviceSchema, inputSummarySchema } from '../../shared/device.ts';
import { drawBrowser } from './browsers.ts';
import { drawInput } from './input.ts';
import { seededRandom } from './random.ts';
import { solveProof } from './solve-proof.ts';

const browsers = Array.from({ length: 500 }, (_, n) => drawBrowser(seededRandom(n)));

test('every browser and every hand has the form that the shop reads', () => {
  for (const [n, { device, hasMouse }] of browsers.entries()) {
    expect(v.parse(deviceSchema, device)).toEqual(device);
    const input = drawInput(seededRandom(n), { hasMouse, dwellMs: 900 });
    expect(v.parse(inputSummarySchema, input)).toEqual(input);
  }
});

test('signals and headers of a browser tell the same', () => {
  for (const { device, headers } of browsers) {
    expect(headers['user-agent']).toBe(device.ua);
    expect(headers['accept-language']).toContain(device.languages?.[0]);
    expect(headers['sec-ch-ua'] === undefined).toBe(device.uad === null);
  }
});

test('desktops differ from each other, phones of one make need not', () => {
  const texts = browsers.filter(({ hasMouse }) => hasMouse).map(({ device }) => device);
  const different = new Set(texts.map((device) => JSON.stringify(device)));
  expect(different.size).toBeGreaterThan(0.98 * texts.length);
});

test('a proof holds the number that solves the challenge, and none is made up', async () => {
  const salt = 'some-salt?expires=1800000000&';
  const challenge = createHash('sha256').update(`${salt}321`).digest('hex');
  const given = { challenge, salt, maxnumber: 1_000, signature: 'as given' };
  const proof = JSON.parse(Buffer.from((await solveProof(given)) ?? '', 'base64').toString());
  expect(proof).toEqual({
    algorithm: 'SHA-256',
    challenge,
    number: 321,
    salt,
    signature: 'as given',
  });
  expect(await solveProof({ ...given, maxnumber: 320 })).toBeUndefined();
});
