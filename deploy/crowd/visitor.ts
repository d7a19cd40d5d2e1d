// What comes before a purchase: opening the page of the sale, and showing a device.
import type { InputSummary } from '../../shared/device.ts';
import type { Browser } from './browsers.ts';
import { challengeIn, solveProof, type WorkChallenge } from './solve-proof.ts';
import { type Answer, type Call, textIn, type Wire } from './wire.ts';

/** Who shows a device; a script may show none. */
export interface Shower {
  readonly edge: string;
  readonly skuId: string;
  readonly token: string;
  readonly address: string;
  readonly wire: Wire;
  readonly browser: Pick<Browser, 'headers'> & Partial<Browser>;
}

export interface Visitor extends Shower {
  readonly browser: Browser;
}

export type Shown =
  | { readonly kind: 'shown'; readonly deviceToken: string }
  | { readonly kind: 'turned-away'; readonly answer: Answer };

const PAGE_TOKEN = /<meta name="page-token" content="([^"]*)"/;

/** Opens the page; the token that it holds, where there is one. */
export async function openPage(visitor: Visitor): Promise<string | undefined> {
  const { edge, skuId, address, wire, browser } = visitor;
  const headers = {
    ...browser.headers,
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'sec-fetch-site': 'none',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  const { text } = await wire.send({ url: `${edge}/sale/${skuId}`, address, headers });
  return PAGE_TOKEN.exec(text)?.[1];
}

/** A call that the page makes: with the browser's headers and the name of the shop. */
export function pageCall(visitor: Shower, pageToken: string | undefined): Omit<Call, 'url'> {
  const { edge, skuId, token, address, browser } = visitor;
  const headers = {
    ...browser.headers,
    origin: edge,
    referer: `${edge}/sale/${skuId}`,
    ...(pageToken !== undefined && { 'x-page-token': pageToken }),
  };
  return { token, address, headers };
}

/** Works out the challenge, a fresh one when none is given, and shows the device with it. */
export async function showDevice(
  visitor: Shower,
  shown: {
    readonly call: Omit<Call, 'url'>;
    readonly input?: InputSummary | undefined;
    readonly challenge?: WorkChallenge | undefined;
  },
): Promise<Shown> {
  const { edge, wire, browser } = visitor;
  const { call, input } = shown;
  const asked = shown.challenge ?? (await wire.send({ ...call, url: `${edge}/api/challenge` }));
  const challenge = 'status' in asked ? challengeIn(asked.body) : asked;
  const proof = challenge === undefined ? undefined : await solveProof(challenge);
  if (proof === undefined) return { kind: 'turned-away', answer: nothingOf(asked) };
  const body = JSON.stringify({ device: browser.device, input, proof });
  const answer = await wire.send({ ...call, url: `${edge}/api/device`, body });
  const deviceToken = textIn(answer, 'deviceToken');
  if (deviceToken === undefined) return { kind: 'turned-away', answer };
  return { kind: 'shown', deviceToken };
}

const UNSOLVED: Answer = { status: 0, body: {}, text: '', retryAfterSeconds: 1, ms: 0 };
const nothingOf = (asked: Answer | WorkChallenge) => ('status' in asked ? asked : UNSOLVED);
