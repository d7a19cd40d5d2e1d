// One gRPC call from its arrival to its end: credentials, the HTTP routes, the answer as a message.
import { type DescMethod, fromJson, toJson } from '@bufbuild/protobuf';
import {
  status as codes,
  type ServerUnaryCall,
  type StatusObject,
  type sendUnaryData,
} from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import type { SignatureHookOptions } from '../signature/hook.ts';
import { checkCredentials } from './credentials.ts';
import { errorOfProblem, plainError } from './grpc-error.ts';
import { type HttpAnswer, type HttpCall, isObject, type Mapping } from './http-call.ts';
import { pathOf, type Received } from './received.ts';

export interface HandlerOptions {
  /** The routes, for callers that have been checked. */
  readonly inner: FastifyInstance;
  readonly signature: SignatureHookOptions;
  readonly onSurprise: (error: unknown, path: string) => void;
}

type Outcome =
  | { readonly kind: 'answer'; readonly message: unknown }
  | { readonly kind: 'error'; readonly error: Partial<StatusObject> };

/** Of a call whose client named no deadline, or a later one. */
const DEADLINE_MS = 10_000;

export function createHandler(method: DescMethod, mapping: Mapping, options: HandlerOptions) {
  return function handle(call: ServerUnaryCall<Received, unknown>, send: sendUnaryData<unknown>) {
    // A cancelled call and one past its client's deadline are ended by the library; what has not
    // begun then does not begin, and what has is left to itself: every call may be repeated.
    const ended = new AbortController();
    call.on('cancelled', () => ended.abort());
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(deadlineMs(call))]);
    void answer(method, { mapping, options, call, signal })
      .catch((error: unknown): Outcome => {
        if (signal.aborted) return failed(codes.DEADLINE_EXCEEDED, 'It took too long.', 'deadline');
        options.onSurprise(error, pathOf(method));
        return failed(codes.UNAVAILABLE, 'This cannot be decided right now.', 'unavailable');
      })
      .then((outcome) => {
        if (ended.signal.aborted) return;
        if (outcome.kind === 'answer') send(null, outcome.message);
        else send(outcome.error);
      });
  };
}

const failed = (code: codes, message: string, slug: string): Outcome => ({
  kind: 'error',
  error: plainError(code, message, slug),
});

function deadlineMs(call: ServerUnaryCall<Received, unknown>): number {
  const deadline = Number(call.getDeadline());
  const leftMs = Number.isFinite(deadline) ? deadline - Date.now() : DEADLINE_MS;
  return Math.max(0, Math.min(DEADLINE_MS, Math.ceil(leftMs)));
}

interface Answering {
  readonly mapping: Mapping;
  readonly options: HandlerOptions;
  readonly call: ServerUnaryCall<Received, unknown>;
  readonly signal: AbortSignal;
}

async function answer(
  method: DescMethod,
  { mapping, options, call, signal }: Answering,
): Promise<Outcome> {
  const { bytes, message } = call.request;
  const path = pathOf(method);
  const credentials = checkCredentials(options.signature, { path, metadata: call.metadata, bytes });
  if (credentials.kind === 'refused') {
    return failed(codes.UNAUTHENTICATED, 'The edge has not signed this call.', 'edge-signature');
  }
  const request = message && toJson(method.input, message);
  if (!isObject(request)) {
    return failed(codes.INVALID_ARGUMENT, 'The message cannot be read.', 'malformed');
  }
  const httpCall = mapping.toHttp(request);
  const answered = await ask(options.inner, { httpCall, headers: credentials.headers, signal });
  if (answered.status >= 300) return { kind: 'error', error: errorOfProblem(answered) };
  const body: unknown = answered.body === '' ? {} : JSON.parse(answered.body);
  const json = mapping.fromHttp(isObject(body) ? body : {}, answered.headers);
  return {
    kind: 'answer',
    message: fromJson(method.output, json, { ignoreUnknownFields: true }),
  };
}

interface Asking {
  readonly httpCall: HttpCall;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function ask(
  inner: FastifyInstance,
  { httpCall, headers, signal }: Asking,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const { method, path, body } = httpCall;
  const asked = inner.inject({
    method,
    url: path,
    headers: {
      ...httpCall.headers,
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const late = Promise.withResolvers<never>();
  const onAbort = () => late.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answered = await Promise.race([asked, late.promise]);
    return { status: answered.statusCode, headers: answered.headers, body: answered.body };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
