// `dlq`: records that could not be written, and what is to become of them.
import { parseArgs } from 'node:util';
import type { DecidableLetter } from '../store/dead-letter-port.ts';
import { askOrigin } from './ask-origin.ts';
import { type Command, type ExitCode, type Output, UsageError } from './command.ts';
import { openToRead } from './open-to-read.ts';
import { DEV, findDatabase, sourceOf } from './target.ts';

const PAGE = 1_000;
const ID = /^[1-9]\d{0,14}$/;

export const dlqList: Command = {
  name: 'dlq list',
  usage: 'dlq list [--activity ID] [--all] [--limit N] [--dev]',
  about: [
    'Lists dead letters that wait for a decision, oldest first.',
    '',
    '  --activity ID   of one activity only',
    '  --all           those that were decided about, too',
    '  --limit N       at most so many, 1 to 1000   [100]',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        activity: { type: 'string' },
        all: { type: 'boolean', default: false },
        limit: { type: 'string', default: '100' },
        dev: { type: 'boolean' },
      },
    });
    const limit = Number(values.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE) {
      throw new UsageError('--limit is a number from 1 to 1000.');
    }
    const which = values.all ? 'all' : 'undecided';
    const store = await openToRead(findDatabase(sourceOf(values)));
    try {
      const page = { activityId: values.activity, afterId: 0, limit, which } as const;
      const letters = await store.deadLettersPage(page);
      output.result(letters, letters.length === 0 ? ['No dead letters.'] : letters.map(lineOf));
      return 0;
    } finally {
      await store.close();
    }
  },
};

export const dlqShow: Command = {
  name: 'dlq show',
  usage: 'dlq show <id> [--dev]',
  about: ['Shows a dead letter whole: why, where it stood, its text.', '', DEV].join('\n'),
  async run(args, output) {
    const { id, source } = parse(args);
    const store = await openToRead(findDatabase(source));
    try {
      const letter = await store.findDeadLetter(Number(id));
      if (letter === undefined) {
        output.fault(`There is no dead letter ${id}.`);
        return 1;
      }
      output.result(letter, [lineOf(letter), `at ${letter.position}`, letter.text]);
      return 0;
    } finally {
      await store.close();
    }
  },
};

export const dlqReplay: Command = {
  name: 'dlq replay',
  usage: 'dlq replay <id> [--dev]',
  about: [
    'Writes a dead letter now, by the writer’s rules, with the later events of its order.',
    '',
    'The order takes the status that Redis has now; where that is CANCELLED, no unit is taken.',
    DEV,
  ].join('\n'),
  run: (args, output) => decide(args, 'replay', output),
};

export const dlqDiscard: Command = {
  name: 'dlq discard',
  usage: 'dlq discard <id> [--dev]',
  about: [
    'Gives a dead letter up: the units and the user’s count that it held become free.',
    '',
    'A reservation goes with it, though its buyer has been told 201: who shows its receipt gets it again',
    'if a unit is free, else it is recorded CANCELLED, LOST_IN_FAILURE. Replay what can be replayed.',
    '',
    DEV,
  ].join('\n'),
  run: (args, output) => decide(args, 'discard', output),
};

function decide(
  args: readonly string[],
  decision: 'replay' | 'discard',
  output: Output,
): Promise<ExitCode> {
  const { id, source } = parse(args);
  const path = `/api/admin/dead-letters/${id}/${decision}`;
  return askOrigin({ source, method: 'POST', path }, output);
}

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dev: { type: 'boolean' } },
  });
  const [id = '', ...rest] = positionals;
  if (!ID.test(id) || rest.length > 0)
    throw new UsageError('The number of a dead letter is needed.');
  return { id, source: sourceOf(values) };
}

function lineOf(letter: DecidableLetter): string {
  const { id, createdAt, type, orderId, epoch, seq, reason, decision } = letter;
  const what = [type ?? 'unreadable', orderId ?? '', epoch === null ? '' : `${epoch}-${seq}`];
  const state = decision === null ? 'undecided' : decision;
  return `${id}  ${new Date(createdAt).toISOString()}  ${state}  ${what.join(' ').trim()}: ${reason}`;
}
