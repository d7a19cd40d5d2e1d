// From what a client sent to a command, or to the reason why it is none. Nothing else in the
// bridge looks at unparsed input.
import { isAllowed } from './allowed-commands.ts';
import type { BridgeLimits } from './config.ts';

export interface Command {
  /** In upper case, on the list of allowed commands. */
  readonly name: string;
  /** Texts, or the bytes of a request's body, exactly as sent. */
  readonly args: readonly Argument[];
}

export type Argument = string | Buffer;

export type Refusal =
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'too-large'; readonly detail: string }
  | { readonly kind: 'not-allowed' };

export type Parsed<T> = { readonly kind: 'ok'; readonly value: T } | Refusal;

const ARGUMENTS_LIMIT = 1_024;

/** `["SET", "key", 1]`: one command, its arguments texts, numbers or booleans. */
export function parseCommand(input: unknown, limits: BridgeLimits): Parsed<Command> {
  if (!Array.isArray(input)) return malformed('a command is a JSON array');
  const words: unknown[] = input;
  if (words.length > ARGUMENTS_LIMIT) return tooLarge(`more than ${ARGUMENTS_LIMIT} arguments`);
  const texts: string[] = [];
  for (const word of words) {
    switch (typeof word) {
      case 'string':
        texts.push(word);
        break;
      case 'number':
      case 'boolean':
        texts.push(String(word));
        break;
      default:
        return malformed('arguments are strings, numbers or booleans');
    }
  }
  return makeCommand(texts, limits);
}

/** A list of commands: refused as a whole for its form, one by one for what they ask. */
export function parseCommands(
  input: unknown,
  limits: BridgeLimits,
): Parsed<readonly Parsed<Command>[]> {
  if (!Array.isArray(input)) return malformed('a pipeline is a JSON array of commands');
  const items: unknown[] = input;
  if (items.length === 0) return malformed('empty pipeline');
  if (items.length > limits.pipelineCommands) {
    return tooLarge(`more than ${limits.pipelineCommands} commands`);
  }
  const commands: Parsed<Command>[] = [];
  for (const item of items) {
    const command = parseCommand(item, limits);
    if (command.kind === 'malformed' || command.kind === 'too-large') return command;
    commands.push(command);
  }
  return { kind: 'ok', value: commands };
}

/** Checks the words of a command, the name first. */
export function makeCommand(words: readonly Argument[], limits: BridgeLimits): Parsed<Command> {
  const [first, ...args] = words;
  if (first === undefined || first.length === 0) return malformed('empty command');
  for (const arg of args) {
    if (sizeOf(arg) > limits.valueBytes) return tooLarge(`a value over ${limits.valueBytes} bytes`);
  }
  const name = first.toString().toUpperCase();
  if (!isAllowed(name, args[0]?.toString())) return { kind: 'not-allowed' };
  return { kind: 'ok', value: { name, args } };
}

export function malformed(detail: string): Refusal {
  return { kind: 'malformed', detail };
}

function tooLarge(detail: string): Refusal {
  return { kind: 'too-large', detail };
}

function sizeOf(argument: Argument): number {
  return typeof argument === 'string' ? Buffer.byteLength(argument) : argument.length;
}
