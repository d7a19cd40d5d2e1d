// The score that the policy goes by: the device's, and what the purchase adds. What hit already
// when the token was made does not count twice.
import { cadence } from '../behaviour/cadence.ts';
import { roaming } from '../behaviour/roaming.ts';
import { timing } from '../behaviour/timing.ts';
import { botManagement } from '../fingerprint/bot-management.ts';
import { crowding } from '../fingerprint/crowding.ts';
import { headers } from '../fingerprint/headers.ts';
import { whereabouts } from '../fingerprint/whereabouts.ts';
import type { PurchaseEvidence } from './evidence.ts';
import { combine, type Judgement } from './judgement.ts';

export function judgePurchase(evidence: PurchaseEvidence): Judgement {
  const { token, request, facts, pageAgeMs, weights } = evidence;
  const { systemsOfUser, networksOfUser, requests, gaps } = facts;
  const { reactionMs, probesBeforeStart, leastPageAgeMs } = facts;
  const pageAge = leastPageAgeMs ?? pageAgeMs;
  const known = new Set(token.hits);
  const hits = [
    ...timing({ reactionMs, pageAgeMs: pageAge, probesBeforeStart }),
    ...cadence(requests, gaps),
    ...roaming({ systemsOfUser, networksOfUser }),
    ...crowding(token.likeness, facts),
    ...headers(request, null),
    ...whereabouts(request, null),
    ...botManagement(request),
  ].filter(({ rule }) => !known.has(rule));
  const device = { rule: 'device', weight: token.score };
  return combine(token.score === 0 ? hits : [device, ...hits], weights);
}
