// What becomes of changes of live settings.
import { Counter, type Registry } from 'prom-client';
import type { SettingEvent } from './watched-settings.ts';

export function createSettingsMetrics(register: Registry): (event: SettingEvent) => void {
  const changes = new Counter({
    name: 'seckill_live_settings_total',
    help: 'Live settings that this instance applied, refused, or put back into an emptied source.',
    labelNames: ['event'],
    registers: [register],
  });
  for (const event of ['applied', 'refused', 'put-back'] as const) changes.inc({ event }, 0);
  return (event) => changes.inc({ event });
}
