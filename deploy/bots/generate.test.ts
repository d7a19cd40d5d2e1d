import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { deviceSchema, inputSummarySchema } from '../../shared/device.ts';
import { labelsOf } from './corpus.ts';
import { generateCorpus } from './generate.ts';
import { FAMILIES } from './generator/scripts.ts';

const sessions = generateCorpus({ seed: 5, people: 120, bots: 120 });

describe('a corpus of the project', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(generateCorpus({ seed: 5, people: 120, bots: 120 })).toEqual(sessions);
    expect(generateCorpus({ seed: 6, people: 120, bots: 120 })).not.toEqual(sessions);
  });

  it('holds every family, and people of several cohorts', () => {
    const labels = [...labelsOf(sessions).values()];
    const named = (label: string) =>
      new Set(labels.filter((each) => each.label === label).map(({ family }) => family));
    expect([...named('bot')].sort()).toEqual(Object.keys(FAMILIES).sort());
    expect(named('human').size).toBeGreaterThan(3);
  });

  it('sends only what the collector could have sent', () => {
    for (const { device, input } of sessions) {
      if (device !== null) v.parse(deviceSchema, device);
      if (input !== null) v.parse(inputSummarySchema, input);
    }
  });

  it('sends requests in order, each user for itself', () => {
    for (const { requests } of sessions) {
      const times = requests.map(({ t }) => t);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    expect(new Set(sessions.map(({ user_id }) => user_id)).size).toBe(sessions.length);
  });
});
