// After all is healed: whoever still wants a unit that is for sale gets it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '../stack/stack.ts';
import type { Buyer } from './buyer.ts';
import { readNumbers, type Sale } from './evidence.ts';
import type { Plan } from './plan.ts';

/** After the last fault is healed, for so long people are served. */
const SERVED_WITHIN_MS = 25_000;
/** Nothing is for sale for so long without somebody who wants it getting it. */
const STANDS_FOR_MS = 15_000;
/** So long people wait for units that may return. */
const HOPES_FOR_MS = 6_000;
const LOOK_EVERY_MS = 500;

/**
 * Until all have an order or a final no, or nothing is left to be had. Finds out when units lie
 * there and nobody gets one, however many people want it.
 */
export async function untilServed(
  stack: Stack,
  { skuId, limitPerUser }: Sale & Pick<Plan, 'limitPerUser'>,
  buyers: readonly Buyer[],
  shopping: readonly Promise<void>[],
): Promise<string[]> {
  const healedAt = performance.now();
  let busy = shopping.length;
  for (const one of shopping) void one.finally(() => (busy -= 1));
  let [held, movedAt] = [countHeld(buyers), healedAt];
  while (busy > 0) {
    await pause(LOOK_EVERY_MS);
    const now = performance.now();
    const { stock } = await readNumbers(stack, skuId);
    // Who wants two takes none of one.
    const isGone = stock < limitPerUser;
    if (isGone || countHeld(buyers) > held) movedAt = now;
    held = countHeld(buyers);
    if (now - healedAt > HOPES_FOR_MS && (isGone || now - healedAt > SERVED_WITHIN_MS)) {
      if (now - movedAt < STANDS_FOR_MS) return [];
      return [`all is healed, ${stock} units are for sale, and ${busy} people still want one`];
    }
  }
  return [];
}

export const countHeld = (buyers: readonly Buyer[]) =>
  buyers.reduce((sum, { held }) => sum + held.size, 0);
