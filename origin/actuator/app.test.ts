import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type ActuatorOptions, createActuator } from './app.ts';
import { readBuildInfo } from './build-info.ts';
import type { HealthCheck } from './health.ts';
import { createMetrics } from './metrics.ts';

const away: HealthCheck = {
  name: 'database',
  check: () => Promise.reject(new Error('away')),
  neededFor: 'health',
};

const OPTIONS: ActuatorOptions = {
  checks: [],
  registry: new Registry(),
  build: { version: '1.2.3', commit: 'abc' },
  profile: 'testing',
  startedAt: 0,
  isServing: () => true,
  onDown: () => undefined,
};
const open = (changes: Partial<ActuatorOptions> = {}) => createActuator({ ...OPTIONS, ...changes });

describe('the actuator', () => {
  it('answers 503 when a part is down, and stays alive and ready without what it can do without', async () => {
    const app = open({ checks: [away] });
    const health = await app.inject('/actuator/health');
    expect(health.statusCode).toBe(503);
    expect(health.json()).toEqual({
      status: 'DOWN',
      components: { database: { status: 'DOWN', ms: expect.any(Number) } },
    });
    for (const probe of ['liveness', 'readiness']) {
      const { statusCode, body } = await app.inject(`/actuator/health/${probe}`);
      expect([statusCode, JSON.parse(body)]).toEqual([200, { status: 'UP', components: {} }]);
    }
  });

  it('is not ready while what it needs is away, nor once it closes, yet alive', async () => {
    const needed = open({ checks: [{ ...away, neededFor: 'readiness' }] });
    expect((await needed.inject('/actuator/health/readiness')).statusCode).toBe(503);
    expect((await needed.inject('/actuator/health/liveness')).statusCode).toBe(200);
    const closing = open({ isServing: () => false });
    expect((await closing.inject('/actuator/health/readiness')).statusCode).toBe(503);
    expect((await closing.inject('/actuator/health')).statusCode).toBe(200);
  });

  it('tells its version', async () => {
    expect((await open().inject('/actuator/info')).json()).toEqual({
      ...{ version: '1.2.3', commit: 'abc', profile: 'testing' },
      startedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(readBuildInfo()).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      commit: expect.stringMatching(/^([0-9a-f]{40}|unknown)$/),
    });
  });

  it('speaks Prometheus', async () => {
    const { registry } = createMetrics();
    const response = await open({ registry }).inject('/actuator/prometheus');
    expect(response.headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(response.body).toContain('seckill_funnel_total{stage="requests"} 0');
    expect(response.body).toContain('process_cpu_user_seconds_total');
  });

  it.each(['/', '/actuator', '/actuator/env', '/api/activities'])('404 at %s', async (path) => {
    const response = await open().inject(path);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ type: '/problems/not-found' });
  });
});
