// A refusal as gRPC's standard error model has it: a canonical code, and details for programs.
import { create, type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { status as codes, Metadata, type StatusObject } from '@grpc/grpc-js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '../../shared/proto/generated/google/rpc/error_details_pb.ts';
import { StatusSchema } from '../../shared/proto/generated/google/rpc/status_pb.ts';
import { type HttpAnswer, isObject, type JsonObject, textOf } from './http-call.ts';

export const ERROR_DOMAIN = 'flash-sale';
const DETAILS = 'grpc-status-details-bin';
/** Members of a problem that stand elsewhere, or say nothing to a gRPC client. */
const ELSEWHERE = ['type', 'title', 'status', 'detail', 'instance', 'errors'];

/** Codes by slug where the HTTP status alone does not tell. */
const CODES_BY_SLUG: Readonly<Record<string, codes>> = {
  overlap: codes.ALREADY_EXISTS,
  'sold-out': codes.RESOURCE_EXHAUSTED,
  'limit-reached': codes.RESOURCE_EXHAUSTED,
  'line-full': codes.RESOURCE_EXHAUSTED,
  'proof-used': codes.ALREADY_EXISTS,
};

const CODES_BY_STATUS: Readonly<Record<number, codes>> = {
  400: codes.INVALID_ARGUMENT,
  401: codes.UNAUTHENTICATED,
  403: codes.PERMISSION_DENIED,
  404: codes.NOT_FOUND,
  405: codes.UNIMPLEMENTED,
  409: codes.FAILED_PRECONDITION,
  412: codes.ABORTED,
  413: codes.INVALID_ARGUMENT,
  415: codes.INVALID_ARGUMENT,
  422: codes.INVALID_ARGUMENT,
  428: codes.FAILED_PRECONDITION,
  429: codes.RESOURCE_EXHAUSTED,
  503: codes.UNAVAILABLE,
};

/** The error of a problem document that the HTTP routes answered. */
export function errorOfProblem({ status, headers, body }: HttpAnswer): Partial<StatusObject> {
  const problem = parseProblem(body);
  const slug = textOf(problem.type).replace('/problems/', '') || 'unknown';
  const code = CODES_BY_SLUG[slug] ?? CODES_BY_STATUS[status] ?? codes.UNKNOWN;
  const fields = fieldViolations(problem);
  return grpcError({
    code,
    message: textOf(problem.detail) || 'The call was refused.',
    details: [
      pack(ErrorInfoSchema, {
        reason: reasonOf(slug),
        domain: ERROR_DOMAIN,
        metadata: factsOf(problem),
      }),
      ...(fields.length === 0 ? [] : [pack(BadRequestSchema, { fieldViolations: fields })]),
      ...retryInfo(headers['retry-after']),
    ],
  });
}

/** An error that no route was asked about. */
export function plainError(code: codes, message: string, slug: string): Partial<StatusObject> {
  const info = { reason: reasonOf(slug), domain: ERROR_DOMAIN, metadata: {} };
  return grpcError({ code, message, details: [pack(ErrorInfoSchema, info)] });
}

type Detail = ReturnType<typeof pack>;

function grpcError(error: {
  code: codes;
  message: string;
  details: Detail[];
}): Partial<StatusObject> {
  const { code, message } = error;
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(toBinary(StatusSchema, create(StatusSchema, error))));
  return { code, details: message, metadata };
}

function pack<Schema extends DescMessage>(
  schema: Schema,
  init: Parameters<typeof create<Schema>>[1],
) {
  const message: MessageShape<Schema> = create(schema, init);
  return anyPack(schema, message);
}

/** As the error model wants reasons: UPPER_SNAKE_CASE. */
const reasonOf = (slug: string): string => slug.replaceAll('-', '_').toUpperCase();

function parseProblem(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function factsOf(problem: JsonObject): Record<string, string> {
  const facts = Object.entries(problem).filter(([name]) => !ELSEWHERE.includes(name));
  return Object.fromEntries(
    facts.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Pointers like `/stock` become paths like `stock`. */
function fieldViolations({ errors }: JsonObject) {
  return (Array.isArray(errors) ? errors : []).filter(isObject).map((error) => ({
    field: textOf(error.pointer).slice(1).replaceAll('/', '.'),
    description: textOf(error.detail),
    reason: reasonOf(textOf(error.code)),
  }));
}

function retryInfo(retryAfter: unknown): Detail[] {
  const seconds = Number(retryAfter);
  if (retryAfter === undefined || !Number.isSafeInteger(seconds)) return [];
  return [pack(RetryInfoSchema, { retryDelay: { seconds: BigInt(seconds) } })];
}
