// What a gRPC call is over HTTP: both kinds of callers meet the same routes, so that they agree by
// construction on what is accepted, refused and answered.
import type { JsonValue } from '@bufbuild/protobuf';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: { readonly [member: string]: JsonValue };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Both ways between a method's messages and HTTP. */
export interface Mapping {
  /** `request` is the JSON of the request message; absent fields are absent. */
  toHttp(request: JsonObject): HttpCall;
  /** The JSON of the response message. */
  fromHttp(answer: JsonObject, headers: HttpAnswer['headers']): JsonValue;
}

export type JsonObject = { readonly [member: string]: JsonValue };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a member; empty when there is none: no route takes an empty id. */
export const textOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : '';

/** One segment of a path, whatever it holds. */
export const segmentOf = (value: JsonValue | undefined): string =>
  encodeURIComponent(textOf(value)) || '-';
