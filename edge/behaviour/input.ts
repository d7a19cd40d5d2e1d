// How the page was used before the device was attested. Keyboard alone, touch alone, and a switch
// that clicks are normal ways of using a page.
import type { InputSummary } from '../../shared/device.ts';
import { type Hit, hit } from '../score/judgement.ts';

/** Users whose summaries may be alike by chance. */
const ALIKE_BY_CHANCE = 2;
/** Movements from which a pointer's manner can be told. */
const ENOUGH_MOVES = 10;
const SOME_MOVES = 20;
const MANY_MOVES = 40;

export function input(summary: InputSummary, accountsOfInput: number): Hit[] {
  const { pointer, clicks, keys, touches, scrolls, trusted, first_input_ms: firstMs } = summary;
  const hits: Hit[] = [];
  const isUntouched = pointer === null && keys === 0 && touches === 0;
  if (isUntouched && (firstMs === null || clicks + scrolls === 0)) hits.push(hit('no-input'));
  if (isUntouched && clicks > 0) hits.push(hit('click-from-nowhere'));
  if (!trusted) hits.push(hit('untrusted-input'));
  if (accountsOfInput > ALIKE_BY_CHANCE && !isUntouched) hits.push(hit('input-repeated'));
  return pointer === null ? hits : [...hits, ...manner(pointer)];
}

/** People: `v_cv` above 0.5, `dt_cv` above 0.25, whole pixels. */
function manner({ moves, int_share, v_cv, dt_cv }: NonNullable<InputSummary['pointer']>): Hit[] {
  if (moves < ENOUGH_MOVES) return [];
  const hits: Hit[] = [];
  if (int_share < 0.5) hits.push(hit('pointer-between-pixels'));
  if (v_cv < 0.2 && moves >= SOME_MOVES) hits.push(hit('pointer-never-slower'));
  else if (v_cv < 0.45) hits.push(hit('pointer-of-one-speed'));
  if (dt_cv < 0.15 && moves >= MANY_MOVES) hits.push(hit('pointer-without-rest'));
  else if (dt_cv < 0.2) hits.push(hit('pointer-of-one-tempo'));
  return hits;
}
