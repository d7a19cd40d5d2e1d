// `npm run bench:bots`: how well layer 1 tells scripts from people, on a corpus.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL } from '../stack/places.ts';
import { labelsOf, readCorpus, type Session } from './corpus.ts';
import { type BotsFlags, HELP, parseFlags } from './flags.ts';
import { generateCorpus } from './generate.ts';
import { linesOf } from './print.ts';
import { replay } from './replay/replay.ts';
import { type BotsReport, reportOn } from './report.ts';

const TITLES = { without: 'without bot management', with: 'with bot management' };

async function bench(flags: BotsFlags): Promise<void> {
  const sessions = sessionsOf(flags);
  const labels = labelsOf(sessions, flags.labels);
  const requests = sessions.reduce((sum, session) => sum + session.requests.length, 0);
  console.log(`${sessions.length} sessions, ${requests} requests`);
  const reports: Partial<Record<keyof typeof TITLES, BotsReport>> = {};
  for (const run of flags.runs) {
    const dir = join(LOCAL, 'bench-bots', `${process.pid}-${run}`);
    mkdirSync(dir, { recursive: true });
    try {
      const replayed = await replay(sessions, { dir, hasBotManagement: run === 'with' });
      const report = reportOn(replayed, labels, flags.layers);
      reports[run] = report;
      console.log(linesOf(TITLES[run], report).join('\n'));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  if (flags.jsonFile === undefined) return;
  const main = reports.without;
  const text = JSON.stringify({ ...main, withBotManagement: reports.with ?? null }, undefined, 2);
  writeFileSync(flags.jsonFile, `${text}\n`);
}

function sessionsOf({ corpus, limit, seed }: BotsFlags): Session[] {
  if (corpus !== undefined) return readCorpus(corpus, limit);
  return generateCorpus({ seed }).slice(0, limit);
}

const parsed = parseFlags(process.argv.slice(2));
if (parsed.kind === 'help') console.log(HELP);
else if (parsed.kind === 'faulty') {
  console.error(`${parsed.detail}\n\n${HELP}`);
  process.exitCode = 2;
} else await bench(parsed.flags);
