// What the registration of origins tells of itself.
import { Gauge, type Registry } from 'prom-client';

export interface RegistrationMetrics {
  /** Origins in the list that this instance published last. */
  published(count: number): void;
}

export function createRegistrationMetrics(register: Registry): RegistrationMetrics {
  const origins = new Gauge({
    name: 'seckill_origins_published',
    help: 'Healthy origins in the list that this instance wrote last; 0 where another leads.',
    registers: [register],
  });
  return { published: (count) => origins.set(count) };
}
