// Cloudflare's own opinion, which needs a plan that few have. Nothing here decides alone but a
// score that Cloudflare itself calls automated.
import type { RequestFacts } from '../score/evidence.ts';
import { type Hit, hit } from '../score/judgement.ts';
import { type Engine, readAgent } from './agent.ts';

/** Cloudflare: 1 is automated, 2 to 29 likely so. */
const AUTOMATED = 1;
const LIKELY_BELOW = 30;

/** The middle of JA4, from the ciphers: browsers change it once in years, libraries have their own. */
const CIPHERS: Record<Engine, readonly string[]> = {
  chromium: ['8daaf6152771'],
  gecko: ['5b57614c22b0'],
  webkit: ['a09f3c656075'],
};

export function botManagement({ botManagement: told, headers }: RequestFacts): Hit[] {
  if (told === null) return [];
  const hits: Hit[] = [];
  const { score, ja4 } = told;
  if (score === AUTOMATED) hits.push(hit('managed-bot'));
  else if (score !== null && score > 0 && score < LIKELY_BELOW) hits.push(hit('managed-suspect'));
  const { engine } = readAgent(headers.get('user-agent') ?? '');
  const ciphers = ja4?.split('_')[1];
  if (engine !== null && ciphers !== undefined && !CIPHERS[engine].includes(ciphers)) {
    hits.push(hit('tls-of-no-browser'));
  }
  return hits;
}
