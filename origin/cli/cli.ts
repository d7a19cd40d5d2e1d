// `npm run cli -- <command>`: finds the command, runs it, turns its end into an exit code.
import { activityCommands } from './activity.ts';
import { activityHistory } from './activity-history.ts';
import { activityTotals } from './activity-totals.ts';
import { type Command, type ExitCode, type Output, UsageError } from './command.ts';
import { configCheck } from './config-check.ts';
import { configHistory } from './config-history.ts';
import { dlqDiscard, dlqList, dlqReplay, dlqShow } from './dead-letters.ts';
import { explain } from './explain.ts';
import { forget } from './forget.ts';
import { grpcHeaders } from './grpc-headers.ts';
import { lapsesLift } from './lapses.ts';
import { linePin, lineShow, lineUnpin } from './line.ts';
import { configGet, configList, configSet } from './live-settings.ts';
import { migrateCommand } from './migrate.ts';
import { orderRefund } from './order.ts';
import { receipt, receiptVerify } from './receipt.ts';
import { reconcileCommand } from './reconcile.ts';
import { restoreCheckCommand } from './restore-check.ts';
import { token } from './token.ts';
import { drawReport, verifyDrawCommand } from './verify-draw.ts';

const COMMANDS: readonly Command[] = [
  migrateCommand,
  token,
  ...activityCommands,
  activityHistory,
  activityTotals,
  configCheck,
  configList,
  configGet,
  configSet,
  configHistory,
  explain,
  forget,
  grpcHeaders,
  dlqList,
  dlqShow,
  dlqReplay,
  dlqDiscard,
  lapsesLift,
  lineShow,
  linePin,
  lineUnpin,
  orderRefund,
  reconcileCommand,
  restoreCheckCommand,
  // Before `receipt`, which is its first word.
  receiptVerify,
  receipt,
  drawReport,
  verifyDrawCommand,
];

// Whoever read along (`| head`) may leave: that is no fault of the command.
process.stdout.on('error', (error) => {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<ExitCode> {
  const words = argv.filter((word) => word !== '--json');
  const output = createOutput(words.length < argv.length ? 'json' : 'text');
  const command = COMMANDS.find(({ name }) => name === words.slice(0, countWords(name)).join(' '));
  // `cli activity` asks for a command of that name.
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${words[0]} `));
  const isKnown = command !== undefined || group.length > 0 || words[0]?.startsWith('-') !== false;
  if (isKnown && (words.includes('--help') || words.includes('-h') || words.length === 0)) {
    const all = group.length === 0 ? COMMANDS : group;
    process.stdout.write(command === undefined ? overview(all) : usageOf(command));
    return words.length === 0 ? 2 : 0;
  }
  if (command === undefined) {
    const named = words.slice(0, group.length === 0 ? 1 : 2).join(' ');
    const hint = group.length === 0 ? '`cli --help` lists them all.' : overview(group);
    output.fault(`There is no command "${named}".\n\n${hint}`);
    return 2;
  }
  try {
    return await command.run(words.slice(countWords(command.name)), output);
  } catch (error) {
    if (!(error instanceof UsageError) && !isArgumentError(error)) {
      output.fault(describe(error));
      return 1;
    }
    output.fault(`${error.message}\n\n${usageOf(command)}`);
    return 2;
  }
}

function createOutput(form: 'json' | 'text'): Output {
  return {
    result(value, lines) {
      const text = form === 'json' ? JSON.stringify(value, null, 2) : lines.join('\n');
      process.stdout.write(`${text}\n`);
    },
    fault(text, facts = {}) {
      const said = form === 'json' ? JSON.stringify({ fault: text, ...facts }) : text;
      process.stderr.write(`${said.trimEnd()}\n`);
    },
  };
}

/** What `parseArgs` throws. */
function isArgumentError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
  );
}

/** With its causes: `fetch failed` alone says nothing. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that all failed there is a code alone.
  const text = error.message || ('code' in error ? String(error.code) : error.name);
  return error.cause === undefined ? text : `${text}: ${describe(error.cause)}`;
}

function countWords(name: string): number {
  return name.split(' ').length;
}

function usageOf({ usage, about }: Command): string {
  return `Usage: cli ${usage} [--json]

${about}
`;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, about }) => {
    return `  ${name.padEnd(width)}  ${about.split('\n')[0]}`;
  });
  return [
    'Usage: cli <command> [--help] [--json]',
    '',
    ...lines,
    '',
    'Exit codes: 0 done, 1 it did not work, 2 called in another way.',
    '',
  ].join('\n');
}
