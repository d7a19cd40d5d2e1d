// What passes between the process that owns the SQLite file and its parent.
import { type InfrastructureCode, InfrastructureError } from '../infrastructure-error.ts';
import type { Store } from './store.ts';

export interface Call {
  readonly id: number;
  readonly name: keyof Store;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };

/** An error as it crosses the border: a clone would lose its class and its code. */
export interface Failure {
  readonly message: string;
  readonly stack: string | undefined;
  readonly infrastructure?: { readonly code: InfrastructureCode; readonly retriable: boolean };
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  const { message, stack } = error;
  if (!(error instanceof InfrastructureError)) return { message, stack };
  const { code, retriable } = error;
  return { message, stack, infrastructure: { code, retriable } };
}

export function errorOf({ message, stack, infrastructure }: Failure): Error {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  if (infrastructure === undefined) return new Error(message, { cause });
  const { code, retriable } = infrastructure;
  return new InfrastructureError(code, message, { cause, retriable });
}
