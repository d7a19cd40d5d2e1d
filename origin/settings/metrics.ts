// What becomes of changes of live settings.
import { Counter, type Registry } from 'prom-client';
import type { SettingEvent } from './watched-settings.ts';

export function createSettingsMetrics(register: Registry): (event: SettingEvent) => void {
  const changes = new Counter({
    name: 'seckill_live_settings_total',
    help: 'Changes of live settings that this instance applied or refused.',
    labelNames: ['event'],
    registers: [register],
  });
  for (const event of ['applied', 'refused'] as const) changes.inc({ event }, 0);
  return (event) => changes.inc({ event });
}
