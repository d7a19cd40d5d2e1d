// The form of a command of the CLI.

/** 0 done · 1 it did not work · 2 called in another way than its usage says. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  /** Its words, as typed. */
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** Gets the arguments behind its words. */
  run(args: readonly string[], output: Output): Promise<ExitCode>;
}

/** What a command says: a result on stdout, anything else on stderr. */
export interface Output {
  /** With `--json` the value, else the lines. */
  result(value: unknown, lines: readonly string[]): void;
  /** With `--json` an object `{fault}` with the facts, else the text. */
  fault(text: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Thrown for arguments that fit no usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
