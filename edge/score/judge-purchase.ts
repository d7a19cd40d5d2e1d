// The score that the policy goes by: the device's, and what the purchase adds.
import type { PurchaseEvidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';

export function judgePurchase({ token }: PurchaseEvidence): Judgement {
  return { score: token.score, hits: token.hits.map((rule) => ({ rule, weight: token.score })) };
}
