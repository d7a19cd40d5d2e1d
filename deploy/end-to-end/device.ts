// How a client gets the device token that a purchase needs: like a browser that nobody else has.
import type { InputSummary } from '../../shared/device.ts';
import { type Browser, drawBrowser } from '../crowd/browsers.ts';
import { drawInput } from '../crowd/input.ts';
import { seededRandom } from '../crowd/random.ts';
import { challengeIn, solveProof } from '../crowd/solve-proof.ts';
import { type Answer, type Request, send } from './send.ts';

export interface Visit {
  readonly edge: string;
  readonly token: string;
  readonly browser: Browser;
  readonly input: InputSummary;
}

const DWELL_MS = 9_000;
let visits = 0;

/** A person's browser, unlike the others of this run. */
export function freshVisit(edge: string, token: string): Visit {
  visits += 1;
  const random = seededRandom(process.pid * 1_000 + visits);
  const browser = drawBrowser(random);
  const input = drawInput(random, { hasMouse: browser.hasMouse, dwellMs: DWELL_MS });
  return { edge, token, browser, input };
}

/** Headers of a call that the page in that browser makes. */
export function headersOf({ edge, browser }: Visit): Record<string, string> {
  return { ...browser.headers, origin: edge, referer: `${edge}/` };
}

/** Solves the challenge given, or a fresh one, and shows the device; the edge's answer. */
export async function showDevice(
  visit: Visit,
  change: { challenge?: unknown; body?: object } = {},
): Promise<Answer> {
  const { edge, token, browser, input } = visit;
  const headers = headersOf(visit);
  const asked = change.challenge ?? (await ask(`${edge}/api/challenge`, { token, headers })).body;
  const challenge = challengeIn(asked);
  if (challenge === undefined) throw new Error(`no challenge: ${JSON.stringify(asked)}`);
  const proof = await solveProof(challenge);
  const body = change.body ?? { device: browser.device, input };
  return send(`${edge}/api/device`, { token, headers, body: { ...body, proof } });
}

async function ask(url: string, request: Request): Promise<Answer> {
  const answer = await send(url, request);
  if (answer.status !== 200) throw new Error(`${url}: ${JSON.stringify(answer)}`);
  return answer;
}
