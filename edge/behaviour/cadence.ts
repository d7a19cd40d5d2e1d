// The rhythm of one user's purchases. People press twice, and again when they grow impatient.
import type { Gaps } from '../score/facts.ts';
import { type Hit, hit } from '../score/judgement.ts';

const FROM_REQUESTS = 4;
const BURST_MEDIAN_MS = 140;
const MANY_REQUESTS = 10;
const MANY_MEDIAN_MS = 350;
const EVEN_FROM_REQUESTS = 6;
const EVEN_VARIATION = 0.05;

export function cadence(requests: number, gaps: Gaps | null): Hit[] {
  if (gaps === null || requests < FROM_REQUESTS) return [];
  const { medianMs, variation } = gaps;
  const hits: Hit[] = [];
  const isMany = requests >= MANY_REQUESTS && medianMs < MANY_MEDIAN_MS;
  if (medianMs < BURST_MEDIAN_MS || isMany) hits.push(hit('burst'));
  const isEven = requests >= EVEN_FROM_REQUESTS && variation < EVEN_VARIATION;
  if (isEven && medianMs < 2_000) hits.push(hit('even-rhythm'));
  return hits;
}
