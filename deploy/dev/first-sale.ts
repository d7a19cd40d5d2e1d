// A sale to look at, so that a first `npm run dev` shows something. It has an item of its own:
// whoever creates other activities never meets it.
import { createActivity, untilSale } from '../stack/admin.ts';

const SKU_ID = 'first_sale';
const HOUR_MS = 3_600_000;

/** Opens it where it is not known yet; returns its page. */
export async function openFirstSale(edge: string): Promise<string> {
  const answer = await fetch(`${edge}/api/sales/${SKU_ID}`);
  await answer.body?.cancel();
  if (answer.status === 404) {
    const now = Date.now();
    await createActivity(edge, {
      skuId: SKU_ID,
      title: 'Brass desk lamp',
      stock: 100,
      price: 4_900,
      startAt: new Date(now).toISOString(),
      endAt: new Date(now + HOUR_MS).toISOString(),
      ratePerSecond: 10,
      capacity: 10,
      draw: false,
    });
    await untilSale(edge, { skuId: SKU_ID, states: ['RUNNING'], withinMs: 10_000 });
  }
  return `${edge}/sale/${SKU_ID}`;
}
