// `receipt`: the report of a sale that anyone can check, and the check.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { makeSaleReceipt } from '../ledger/make-sale-receipt.ts';
import { saleReceiptSchema, verifySaleReceipt } from '../ledger/sale-receipt.ts';
import { type Command, UsageError } from './command.ts';
import { countOf } from './count-of.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

const MAX_FILE_BYTES = 2 ** 30;

export const receipt: Command = {
  name: 'receipt',
  usage: 'receipt <activityId> [--out FILE] [--dev]',
  about: [
    'Writes the receipt of a sale: its totals, its hash-chained ledger event by event, its draw.',
    '',
    'Anyone can check it with `receipt verify`, without access to this system.',
    '  --out FILE   where to; else to standard output',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, dev: { type: 'boolean' } },
    });
    const [activityId, ...rest] = positionals;
    if (activityId === undefined || rest.length > 0)
      throw new UsageError('An activity id is needed.');
    const store = await openToRead(findDatabase(sourceOf(values)));
    try {
      const made = await makeSaleReceipt(store, activityId);
      if (made === undefined) {
        output.fault(`There is no loaded activity ${activityId}.`);
        return 1;
      }
      const text = JSON.stringify(made, null, 1);
      if (values.out === undefined) output.result(made, [text]);
      else {
        writeFileSync(values.out, `${text}\n`);
        const { stock, sold, held, paid, refunded, free } = made.totals;
        output.result({ file: values.out, totals: made.totals, head: made.ledger.head }, [
          `${values.out}: ${countOf(made.ledger.pages.length, 'page')}, head ${made.ledger.head}`,
          `${sold} of ${countOf(stock, 'unit')} sold (${held} held, ${paid} paid, ${refunded} refunded), ${free} free`,
        ]);
      }
      return 0;
    } finally {
      await store.close();
    }
  },
};

export const receiptVerify: Command = {
  name: 'receipt verify',
  usage: 'receipt verify <FILE> [--head HEAD]… [--commitment SHA256]',
  about: [
    'Checks the receipt of a sale: chain, every line, totals, draw. Needs the file and nothing else.',
    '',
    '  --head HEAD           a `ledgerHead` that somebody was given during the sale: must stand in the chain',
    '  --commitment SHA256   what was published of the draw’s seed before the start',
    'Exit code 1 when anything cannot be true.',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        head: { type: 'string', multiple: true, default: [] },
        commitment: { type: 'string' },
      },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) throw new UsageError('A file is needed.');
    const parsed = v.safeParse(saleReceiptSchema, readJson(file));
    if (!parsed.success) {
      output.fault(
        `${file} is no receipt of a sale: ${v.getDotPath(parsed.issues[0]) ?? 'all of it'}.`,
      );
      return 1;
    }
    const { head: heads, commitment } = values;
    const verification = await verifySaleReceipt(parsed.output, { heads, commitment });
    if (verification.kind === 'broken') {
      output.result(verification, [`BROKEN: ${verification.detail}`]);
      return 1;
    }
    const { totals, draw } = parsed.output;
    const { stock, sold, held, paid, refunded, free } = totals;
    output.result({ ...verification, totals }, [
      `whole: ${countOf(verification.lines, 'line')} in ${countOf(verification.pages, 'page')}, head ${verification.head}`,
      draw === null
        ? 'no draw'
        : `draw holds: ${countOf(draw.entries, 'entry', 'entries')}, root ${draw.root}`,
      ...values.head.map((head) => `head ${head} stands in it`),
      `${sold} of ${countOf(stock, 'unit')} sold (${held} held, ${paid} paid, ${refunded} refunded), ${free} free`,
    ]);
    return 0;
  },
};

function readJson(file: string): unknown {
  if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than 1 GiB.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
