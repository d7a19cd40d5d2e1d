// Bodies arrive raw: the signature covers their bytes. Here they become values, or refusals.
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { fieldErrors } from '../../shared/field-error.ts';
import { parseJsonObject } from '../../shared/json.ts';
import type { Refusal } from '../../shared/refusal.ts';

export type BodyResult<Value> =
  | { readonly kind: 'body'; readonly value: Value }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The body as the schema wants it, or all that is wrong with it. */
export function readBody<Schema extends v.GenericSchema>(
  request: FastifyRequest,
  schema: Schema,
): BodyResult<v.InferOutput<Schema>> {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  const json = parseJsonObject(text);
  if (json.kind === 'malformed') return { kind: 'refused', refusal: json };
  const result = v.safeParse(schema, json.value);
  if (result.success) return { kind: 'body', value: result.output };
  const errors = fieldErrors(result.issues);
  const detail = 'Some members cannot be read; see errors.';
  return { kind: 'refused', refusal: { kind: 'malformed', detail, errors } };
}
