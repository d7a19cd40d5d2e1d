// Runs one crude script and notes what it was answered.
import { type BotPlan, botFamilies, type Send } from './bot-families.ts';
import type { BotOutcome, Confirmed } from './outcome.ts';
import { numberIn, slugOf, textIn } from './wire.ts';

/** A script of the family that its number falls on. */
export async function runBot(
  plan: BotPlan,
  { number, onConfirmed }: { number: number; onConfirmed: (order: Confirmed) => void },
): Promise<BotOutcome> {
  const [family, run] = botFamilies[number % botFamilies.length] ?? [];
  if (family === undefined || run === undefined) throw new Error('there are no families');
  const answers: Record<string, number> = {};
  let bought = false;
  let requests = 0;
  const send: Send = async (call) => {
    const { edge, skuId, userId, address } = plan;
    requests += 1;
    const url = `${edge}/api/seckill/${skuId}`;
    const answer = await plan.wire.send({ url, address, body: '{}', ...call });
    const seen = `${answer.status} ${slugOf(answer)}`.trim();
    answers[seen] = (answers[seen] ?? 0) + 1;
    const orderId = textIn(answer, 'orderId');
    if (answer.status === 201 && orderId !== undefined) {
      bought = true;
      onConfirmed({ userId, orderId, quantity: numberIn(answer, 'quantity') ?? 0 });
    }
    return answer;
  };
  await run(plan, send);
  return { family, bought, requests, answers };
}
