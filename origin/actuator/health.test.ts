import { describe, expect, it } from 'vitest';
import { createHealth, type HealthCheck } from './health.ts';

const quiet = { onDown: () => undefined };
const up: HealthCheck = { name: 'up', check: async () => 'PONG', neededFor: 'readiness' };
const down: HealthCheck = {
  name: 'down',
  check: async () => {
    throw new Error('away');
  },
  neededFor: 'health',
};

describe('health', () => {
  it('is UP where every part answers, each with its time', async () => {
    const health = await createHealth([up], quiet)('health');
    expect(health).toEqual({
      status: 'UP',
      components: { up: { status: 'UP', ms: expect.any(Number) } },
    });
  });

  it('is DOWN where one part does not, and tells the reason to the operator alone', async () => {
    const causes: string[] = [];
    const onDown = (name: string, cause: unknown) => causes.push(`${name} ${String(cause)}`);
    const health = await createHealth([up, down], { onDown })('health');
    expect(health).toMatchObject({
      status: 'DOWN',
      components: { up: { status: 'UP' }, down: { status: 'DOWN' } },
    });
    expect(causes).toEqual(['down Error: away']);
  });

  it('asks for readiness only what readiness needs', async () => {
    const health = await createHealth([up, down], quiet)('readiness');
    expect(health).toMatchObject({ status: 'UP', components: { up: { status: 'UP' } } });
    expect(Object.keys(health.components)).toEqual(['up']);
  });

  it('does not wait for a part that hangs, nor ask it twice at once', async () => {
    let asked = 0;
    const hanging = Promise.withResolvers<void>();
    const check = () => {
      asked += 1;
      return hanging.promise;
    };
    const hung: HealthCheck = { name: 'hung', check, neededFor: 'health' };
    const health = createHealth([hung, up], { ...quiet, deadlineMs: 10 });
    expect((await health('health')).components.hung?.status).toBe('DOWN');
    expect((await health('health')).components.up?.status).toBe('UP');
    expect(asked).toBe(1);
    hanging.resolve();
    await expect.poll(async () => (await health('health')).status).toBe('UP');
    expect(asked).toBeGreaterThan(1);
  });

  it('takes a check that throws before it waits for one that is down, now and later', async () => {
    let isBroken = true;
    const check = () => {
      if (isBroken) throw new Error('not connected');
      return Promise.resolve();
    };
    const health = createHealth([{ name: 'sync', check, neededFor: 'health' }], quiet);
    expect((await health('health')).status).toBe('DOWN');
    isBroken = false;
    expect((await health('health')).status).toBe('UP');
  });
});
