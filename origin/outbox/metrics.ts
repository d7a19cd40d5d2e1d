import { Counter, type Registry } from 'prom-client';
import type { MalformedStep } from './malformed.ts';

const STEPS: readonly MalformedStep[] = ['held', 'buried'];

export function createOutboxMetrics(registry: Registry): {
  /** An entry that cannot be read. */
  malformed(step: MalformedStep): void;
} {
  const malformed = new Counter({
    name: 'seckill_outbox_malformed_total',
    help: 'Outbox entries that cannot be read: held first, then buried as dead letters.',
    labelNames: ['step'],
    registers: [registry],
  });
  for (const step of STEPS) malformed.inc({ step }, 0);
  return { malformed: (step) => malformed.inc({ step }) };
}
