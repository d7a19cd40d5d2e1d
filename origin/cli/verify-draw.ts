// `draw` and `verify-draw`: the public report of a draw, and the check that needs nothing else.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import {
  type DrawReport,
  drawPageSchema,
  drawReportOf,
  drawReportSchema,
} from '../draw/draw-report.ts';
import { parseEntryReceipt } from '../draw/entry-receipt.ts';
import { type Verification, verifyDraw } from '../draw/verify-draw.ts';
import { type Command, UsageError } from './command.ts';
import { countOf } from './count-of.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

const MAX_FILE_BYTES = 2 ** 30;
const MAX_PAGES = 2_000;
const TIMEOUT_MS = 10_000;

export const drawReport: Command = {
  name: 'draw',
  usage: 'draw <activityId> --out FILE [--dev]',
  about: [
    'Writes the public report of a draw whose entries are closed: seed, hashes and all entries.',
    '',
    'Anyone can check it with `verify-draw`, without access to this system.',
    '',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, dev: { type: 'boolean' } },
    });
    const [activityId, ...rest] = positionals;
    if (activityId === undefined || values.out === undefined || rest.length > 0) {
      throw new UsageError('An activity id and a file are needed.');
    }
    const store = await openToRead(findDatabase(sourceOf(values)));
    try {
      const row = await store.findActivity(activityId);
      const report = row === undefined ? undefined : await drawReportOf(store, row);
      if (report === undefined) {
        output.fault(`There is no closed draw of ${activityId}.`);
        return 1;
      }
      writeFileSync(values.out, `${JSON.stringify(report)}\n`);
      const { entries, root } = report;
      output.result({ file: values.out, entries, root }, [
        `${values.out}: ${countOf(entries, 'entry', 'entries')}, root ${root}`,
      ]);
      return 0;
    } finally {
      await store.close();
    }
  },
};

export const verifyDrawCommand: Command = {
  name: 'verify-draw',
  usage: 'verify-draw <FILE or URL> [--entry RECEIPT] [--commitment HEX]',
  about: [
    'Checks a draw from public data alone: commitment, entries, Merkle root, every place.',
    '',
    'The URL is a sale’s, as in https://shop.example/api/sales/lamp; a FILE is what `draw` writes.',
    '  --entry RECEIPT    the receipt of an entry: must stand in the list; tells its place',
    '  --commitment HEX   the commitment as you wrote it down before the start',
    'Exit code 1 when anything cannot be true.',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { entry: { type: 'string' }, commitment: { type: 'string' } },
    });
    const [source, ...rest] = positionals;
    if (source === undefined || rest.length > 0) throw new UsageError('A file or URL is needed.');
    const receipt = values.entry === undefined ? undefined : parseEntryReceipt(values.entry);
    if (values.entry !== undefined && receipt === undefined) {
      output.fault('That is no receipt of a draw entry.');
      return 1;
    }
    const report = /^https?:/.test(source) ? await fetchReport(source) : readReport(source);
    if (report.seed === undefined) {
      output.fault('The entries of this draw are not closed yet: its seed is not known.');
      return 1;
    }
    const verification = await verifyDraw(report, { commitment: values.commitment, receipt });
    output.result(verification, linesOf(report, verification));
    return verification.checks.every(({ holds }) => holds) ? 0 : 1;
  },
};

function linesOf(
  { entries, beacon }: DrawReport,
  { checks, entry, repeated }: Verification,
): string[] {
  return [
    ...checks.map(({ what, holds, detail }) => {
      return `${holds ? 'holds ' : 'BROKEN'}  ${what.padEnd(10)}  ${detail}`;
    }),
    ...(entry === undefined
      ? []
      : [
          `entry ${entry.index} has place ${entry.place} of ${entries}, called ${entry.turn} ms in`,
        ]),
    ...(repeated === 0
      ? []
      : [
          `${countOf(repeated, 'entry is', 'entries are')} of users who entered again after a loss`,
        ]),
    ...(beacon === undefined ? [] : [`mixed in: "${beacon}"`]),
    'verifiable, except against the operator, who knows the seed and could add entries',
  ];
}

function readReport(file: string): DrawReport {
  if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than 1 GiB.`);
  return parsed(drawReportSchema, JSON.parse(readFileSync(file, 'utf8')), file);
}

async function fetchReport(url: string): Promise<DrawReport> {
  const base = url.replace(/\/(draw)?$/, '').replace(/\/draw\?.*$/, '');
  const leaves: string[] = [];
  let from = 0;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const address = `${base}/draw?from=${from}`;
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
    const page = parsed(drawPageSchema, await response.json(), address);
    leaves.push(...page.leaves);
    if (page.next === null || page.next <= from) return { ...page, leaves };
    from = page.next;
  }
  throw new Error(`${base} lists more than ${MAX_PAGES} pages.`);
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${where} is no report of a draw: ${v.getDotPath(issue) ?? 'all of it'}.`);
}
