// A browser as a person has it, and one that a script drives, with what each shows of itself.
import { solveChallenge } from 'altcha-lib/v1';
import type { WorkChallenge } from '../../shared/challenge.ts';
import type { Device, InputSummary } from '../../shared/device.ts';
import { fresh, freshAddress, type Shop, tokenOf } from './shop.ts';

const VERSION = '147';
const UA = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${VERSION}.0.0.0 Safari/537.36`;

export const HEADERS: Readonly<Record<string, string>> = {
  'user-agent': UA,
  accept: '*/*',
  'accept-language': 'en-GB,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'content-type': 'application/json',
  origin: 'https://shop.example',
  referer: 'https://shop.example/sale/lamp',
  'sec-ch-ua': `"Google Chrome";v="${VERSION}", "Not.A/Brand";v="8", "Chromium";v="${VERSION}"`,
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Windows"',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
};

/** A device of its own: no other has this canvas. */
export function freshDevice(): Device {
  return {
    ua: UA,
    platform: 'Win32',
    languages: ['en-GB', 'en'],
    webdriver: false,
    hc: 8,
    dm: 8,
    touch: 0,
    screen: [1920, 1080, 1920, 1032, 24],
    dpr: 1,
    outer: [1920, 1032],
    plugins: 5,
    gl: {
      v: 'Google Inc. (Intel)',
      r: 'ANGLE (Intel, Intel(R) UHD Graphics 630 (0x00003E92) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    },
    tz: 'Europe/London',
    uad: {
      b: [
        { brand: 'Google Chrome', version: VERSION },
        { brand: 'Not.A/Brand', version: '8' },
        { brand: 'Chromium', version: VERSION },
      ],
      m: false,
      p: 'Windows',
    },
    canvas: fresh('c').slice(2, 18),
    chrome: 'object',
    notif: 'default',
    perm: 'prompt',
    vendor: 'Google Inc.',
    productSub: '20030107',
    evalLen: 33,
    pdf: true,
  };
}

export const automatedDevice = (): Device => ({
  ...freshDevice(),
  webdriver: true,
  plugins: 0,
  chrome: 'undefined',
  outer: [0, 0],
  gl: { v: 'Google Inc. (Google)', r: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))' },
});

export function freshInput(): InputSummary {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint16Array(2));
  return {
    pointer: {
      moves: 120,
      ms: 2_900,
      path_px: 1_500 + (a % 1_000),
      straight: 0.41,
      dt_med: 16,
      dt_cv: 1.2 + (b % 100) / 1_000,
      v_mean: 0.61,
      v_cv: 1.3,
      collinear: 0.55,
      turn: 0.12,
      pauses: 2,
      int_share: 1,
    },
    clicks: 3,
    keys: 9,
    touches: 0,
    scrolls: 4,
    trusted: true,
    dwell_ms: 21_000,
    first_input_ms: 900,
  };
}

export interface Visitor {
  readonly userId: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function newVisitor(
  userId = fresh('user'),
  address = freshAddress(),
): Promise<Visitor> {
  const authorization = `Bearer ${await tokenOf(userId)}`;
  return { userId, headers: { ...HEADERS, authorization, 'cf-connecting-ip': address } };
}

export async function challengeOf(shop: Shop, { headers }: Visitor): Promise<WorkChallenge> {
  const answer = await shop.fetch('/api/challenge', { headers });
  if (answer.status !== 200) throw new Error(`challenge: ${answer.status}`);
  return answer.json<WorkChallenge>();
}

/** Solved by ALTCHA's own library. */
export async function solve(challenge: WorkChallenge): Promise<string> {
  const { algorithm, salt, signature, maxnumber } = challenge;
  const solution = await solveChallenge(challenge.challenge, salt, algorithm, maxnumber).promise;
  if (solution === null) throw new Error('no solution up to maxnumber');
  const { number } = solution;
  const proof = { algorithm, challenge: challenge.challenge, number, salt, signature };
  return btoa(JSON.stringify(proof));
}

export async function post(
  shop: Shop,
  path: string,
  { headers, body }: { readonly headers: HeadersInit; readonly body: object },
): Promise<Response> {
  return shop.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export const attest = (shop: Shop, { headers }: Visitor, body: object): Promise<Response> =>
  post(shop, '/api/device', { headers, body });

/** The device token for a freshly solved challenge. */
export async function deviceTokenFor(
  shop: Shop,
  visitor: Visitor,
  shown: { readonly device?: Device; readonly input?: InputSummary } = {},
): Promise<string> {
  const proof = await solve(await challengeOf(shop, visitor));
  const answer = await attest(shop, visitor, { ...shown, proof });
  if (answer.status !== 200) throw new Error(`device: ${answer.status} ${await answer.text()}`);
  return (await answer.json<{ deviceToken: string }>()).deviceToken;
}
