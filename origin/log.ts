// What the parts of the origin say about themselves; a pino logger is one of these.

type Say = (facts: object, message: string) => void;

export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}
