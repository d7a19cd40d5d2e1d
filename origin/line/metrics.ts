// What the line tells of itself: its speed with the reason, and how true its waits were.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Score } from './forecast-record.ts';
import { PRESSURE_REASONS, type Pressure } from './health/pressure.ts';
import { SPEED_REASONS } from './health/speed-loop.ts';
import type { LineSpeed } from './health/speeds.ts';

export interface LineMetrics {
  scored(score: Score): void;
  speed(sku: string, speed: LineSpeed): void;
  pressure(pressure: Pressure): void;
  /** Removes a SKU's gauges when its activity is not live any more. */
  forgetSku(sku: string): void;
}

const ERRORS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

export function createLineMetrics(register: Registry): LineMetrics {
  const registers = [register];
  const errors = new Histogram({
    ...{ name: 'seckill_wait_error_ratio', buckets: ERRORS, registers },
    help: 'How far waits that were told were off, as a share of the real wait.',
  });
  const ranges = new Counter({
    ...{ name: 'seckill_waits_told_total', labelNames: ['range'], registers },
    help: 'Waits that were told and came true, by whether within the range that was told.',
  });
  const speeds = new Gauge({
    ...{ name: 'seckill_line_speed', labelNames: ['sku'], registers },
    help: 'Virtual seconds per real second of the line.',
  });
  const reasons = new Gauge({
    ...{ name: 'seckill_line_speed_reason', labelNames: ['sku', 'reason'], registers },
    help: '1 for what decides the speed of the line.',
  });
  const pressures = new Gauge({
    ...{ name: 'seckill_origin_pressure', labelNames: ['reason'], registers },
    help: 'How hard the hardest pressed origin works, by what presses it; 1 is as much as it should.',
  });
  for (const range of ['inside', 'outside']) ranges.inc({ range }, 0);
  return {
    scored({ relativeError, isInRange }) {
      errors.observe(relativeError);
      ranges.inc({ range: isInRange ? 'inside' : 'outside' });
    },
    speed(sku, { speed, reason }) {
      speeds.set({ sku }, speed);
      for (const one of SPEED_REASONS) reasons.set({ sku, reason: one }, one === reason ? 1 : 0);
    },
    pressure({ value, reason }) {
      for (const one of PRESSURE_REASONS) {
        pressures.set({ reason: one }, one === reason ? value : 0);
      }
    },
    forgetSku(sku) {
      speeds.remove({ sku });
      for (const reason of SPEED_REASONS) reasons.remove({ sku, reason });
    },
  };
}
