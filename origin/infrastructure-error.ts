// The one class for failures of what the origin depends on.

export type InfrastructureCode =
  | 'redis-away'
  | 'redis-timeout'
  | 'redis-answer'
  | 'database-away'
  | 'order-log-away'
  | 'leadership-away';

export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError';
  readonly code: InfrastructureCode;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retriable: boolean;

  constructor(
    code: InfrastructureCode,
    message: string,
    options: { readonly cause?: unknown; readonly retriable?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable ?? true;
  }
}
