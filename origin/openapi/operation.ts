// The form in which an operation is told, before it becomes a document.
import type { GenericSchema } from 'valibot';
import type { RefusalKind } from '../../shared/refusal.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly id: string;
  readonly tag: 'Buyers' | 'Payments' | 'Activities' | 'Development';
  readonly summary: string;
  readonly who: 'anybody' | 'buyer' | 'admin' | 'gateway';
  /** Names of the parts of the path, with what they are. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, GenericSchema>>;
  /** Request headers besides credentials; true where the call is refused without it. */
  readonly headers?: Readonly<Record<string, boolean>>;
  readonly body?: GenericSchema;
  readonly answers: Readonly<Record<number, Success>>;
  /** What refuses it, besides `not-found` and `method-not-allowed` of paths. */
  readonly refusals: readonly RefusalKind[];
}

export interface Success {
  readonly about: string;
  /** Name of a schema of the document; none for an empty body. */
  readonly schema?: string;
  readonly headers?: readonly string[];
}
