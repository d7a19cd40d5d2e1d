// Layer 1 as a whole on a small corpus of the project: the real Worker, a real Redis, the replay's
// clock. Families are left out of nothing: what a share is worth, `npm run bench:bots` tells.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelsOf } from '../bots/corpus.ts';
import { generateCorpus } from '../bots/generate.ts';
import { replay } from '../bots/replay/replay.ts';
import { type BotsReport, reportOn } from '../bots/report.ts';
import { LOCAL } from '../stack/places.ts';

const dir = join(LOCAL, 'bots-test', String(process.pid));
let report: BotsReport;

beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  const sessions = generateCorpus({ seed: 11, people: 150, bots: 144 });
  const replayed = await replay(sessions, { dir, hasBotManagement: false });
  report = reportOn(replayed, labelsOf(sessions));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('layer 1 on a sale with as many scripts as people', () => {
  it('refuses nobody', () => {
    expect(report.people.refused).toBe(0);
  });

  it('challenges few people', () => {
    expect(report.people.challenged / report.people.n).toBeLessThanOrEqual(0.05);
  });

  it('stops every crude family whole', () => {
    for (const family of ['burst', 'spoofed_headers', 'headless', 'early_bird']) {
      expect(report.families[family]?.passed, family).toBe(0);
    }
  });

  it('lets nobody use a ticket but its owner', () => {
    expect(report.families.shared_ticket?.passed).toBeLessThanOrEqual(1);
  });

  it('stops most of the careful ones', () => {
    expect(report.macroRecall).toBeGreaterThan(0.9);
  });

  it('asks Redis once for a decision', () => {
    expect(report.redisCallsPerDecision).toBeLessThanOrEqual(1);
  });
});
