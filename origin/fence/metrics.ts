import { Counter, type Registry } from 'prom-client';
import { BREACHES, type Breach } from './watcher.ts';

export function createWatcherMetrics(registry: Registry): { breached(breach: Breach): void } {
  const breaches = new Counter({
    name: 'seckill_invariant_breaches_total',
    help: 'Fences that the watcher closed, by what could not be true.',
    labelNames: ['breach'],
    registers: [registry],
  });
  for (const breach of BREACHES) breaches.inc({ breach }, 0);
  return { breached: (breach) => breaches.inc({ breach }) };
}
