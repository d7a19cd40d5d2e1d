import { describe, expect, it } from 'vitest';
import { createNudge } from './nudge.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

describe('a pause between rounds', () => {
  it('ends at a nudge', async () => {
    const nudge = createNudge();
    const pause = nudge.pause(LONG_MS, never);
    nudge.nudge();
    await pause;
  });

  it('does not begin after a nudge that came during the round', async () => {
    const nudge = createNudge();
    nudge.nudge();
    await nudge.pause(LONG_MS, never);
  });

  it('keeps a nudge for one pause only', async () => {
    const nudge = createNudge();
    nudge.nudge();
    nudge.nudge();
    await nudge.pause(LONG_MS, never);
    const second = nudge.pause(LONG_MS, never);
    expect(await Promise.race([second, Promise.resolve('waits')])).toBe('waits');
    nudge.nudge();
    await second;
  });

  it('ends when the lead ends, and does not begin after that', async () => {
    const nudge = createNudge();
    const lead = new AbortController();
    const pause = nudge.pause(LONG_MS, lead.signal);
    lead.abort();
    await pause;
    await nudge.pause(LONG_MS, lead.signal);
  });

  it('ends by itself', async () => {
    await createNudge().pause(1, never);
  });
});
