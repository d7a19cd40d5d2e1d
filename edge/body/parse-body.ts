// From the bytes of a body to the value that a schema promises: 415, then 400.
import * as v from 'valibot';
import { fieldErrors } from '../../shared/field-error.ts';
import { parseJsonObject } from '../../shared/json.ts';
import type { Refusal } from '../../shared/refusal.ts';

export type ParsedBody<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

type BodySchema = v.GenericSchema<unknown, unknown>;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function parseBody<Schema extends BodySchema>(
  request: Request,
  bytes: Uint8Array,
  schema: Schema,
): ParsedBody<v.InferOutput<Schema>> {
  const unsupported = checkMediaType(request.headers, bytes);
  if (unsupported !== undefined) return { kind: 'refuse', refusal: unsupported };
  const text = decodeUtf8(bytes);
  if (text === undefined) return malformed('The body is not UTF-8.');
  const json = parseJsonObject(text);
  if (json.kind === 'malformed') return { kind: 'refuse', refusal: json };
  const result = v.safeParse(schema, json.value);
  if (result.success) return { kind: 'value', value: result.output };
  const refusal: Refusal = {
    kind: 'malformed',
    detail: 'Some members are wrong; see errors.',
    errors: fieldErrors(result.issues),
  };
  return { kind: 'refuse', refusal };
}

/** An empty body needs no content type; any other is plain `application/json` in UTF-8. */
export function checkMediaType(headers: Headers, bytes: Uint8Array): Refusal | undefined {
  if (bytes.byteLength === 0) return undefined;
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=');
    return name.trim() !== 'charset' || /^"?utf-8"?$/.test(value.trim());
  });
  const isPlain = (headers.get('content-encoding') ?? 'identity') === 'identity';
  const isSupported = type.trim() === 'application/json' && isUtf8 && isPlain;
  return isSupported ? undefined : { kind: 'unsupported-media-type' };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const malformed = (detail: string): { kind: 'refuse'; refusal: Refusal } => ({
  kind: 'refuse',
  refusal: { kind: 'malformed', detail },
});
