// A gRPC client that signs its calls as an edge would, or carries an administrator's token.
import { createHash, createHmac } from 'node:crypto';
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { EDGE_HEADERS, type EdgeClaims, signedText } from '../../../shared/edge-signature.ts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '../../../shared/proto/generated/google/rpc/error_details_pb.ts';
import { StatusSchema } from '../../../shared/proto/generated/google/rpc/status_pb.ts';
import { signingNow } from '../signature/signed-client.ts';

export interface GrpcCall<Method extends DescMethod> {
  readonly method: Method;
  readonly request: MessageInitShape<Method['input']>;
  readonly claims?: EdgeClaims;
  readonly token?: string;
  readonly deadlineMs?: number;
  readonly cancel?: AbortSignal;
  /** What is signed in place of the message that is sent. */
  readonly signedBytes?: Uint8Array;
  /** What is sent in place of the message. */
  readonly sentBytes?: Uint8Array;
}

export interface GrpcClient {
  ask<Method extends DescMethod>(call: GrpcCall<Method>): Promise<MessageShape<Method['output']>>;
  readonly raw: Client;
  close(): void;
}

const pathOf = (method: DescMethod) => `/${method.parent.typeName}/${method.name}`;

export function openGrpcClient(port: number | undefined): GrpcClient {
  const raw = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    raw,
    close: () => raw.close(),
    ask<Method extends DescMethod>(call: GrpcCall<Method>) {
      const { method, request } = call;
      const bytes = call.sentBytes ?? toBinary(method.input, create(method.input, request));
      const { promise, resolve, reject } = Promise.withResolvers<MessageShape<Method['output']>>();
      const made = raw.makeUnaryRequest(
        pathOf(method),
        () => Buffer.from(bytes),
        (answer): MessageShape<Method['output']> =>
          fromBinary<Method['output']>(method.output, answer),
        undefined,
        metadataOf(call, call.signedBytes ?? bytes),
        { deadline: Date.now() + (call.deadlineMs ?? 10_000) },
        (error, answer) => {
          if (answer === undefined) reject(error);
          else resolve(answer);
        },
      );
      call.cancel?.addEventListener('abort', () => made.cancel());
      return promise;
    },
  };
}

function metadataOf(call: GrpcCall<DescMethod>, bytes: Uint8Array): Metadata {
  const metadata = new Metadata();
  if (call.token !== undefined) metadata.set('authorization', `Bearer ${call.token}`);
  if (call.claims === undefined) return metadata;
  const { keyId, secret, target, time, nonce } = signingNow();
  const claims = Buffer.from(JSON.stringify(call.claims)).toString('base64url');
  const bodyHash = createHash('sha256').update(bytes).digest('hex');
  const path = pathOf(call.method);
  const text = signedText({ method: 'POST', path, bodyHash, time, nonce, target, claims });
  const signature = createHmac('sha256', secret).update(text).digest('base64url');
  metadata.set(EDGE_HEADERS.keyId, keyId);
  metadata.set(EDGE_HEADERS.time, time);
  metadata.set(EDGE_HEADERS.nonce, nonce);
  metadata.set(EDGE_HEADERS.target, target);
  metadata.set(EDGE_HEADERS.claims, claims);
  metadata.set(EDGE_HEADERS.signature, signature);
  return metadata;
}

export interface GrpcRefusal {
  readonly code: number;
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly retrySeconds: number | undefined;
}

/** The refusal of a call that must be refused, with its details. */
export async function refusalOf(asked: Promise<unknown>): Promise<GrpcRefusal> {
  const error = await asked.then(
    () => {
      throw new Error('it was not refused');
    },
    (reason: ServiceError) => reason,
  );
  const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = Buffer.isBuffer(packed) ? fromBinary(StatusSchema, packed).details : [];
  const info = unpack(details, ErrorInfoSchema);
  const bad = unpack(details, BadRequestSchema);
  const retry = unpack(details, RetryInfoSchema);
  return {
    code: error.code,
    reason: info?.reason,
    metadata: info?.metadata ?? {},
    fields: bad?.fieldViolations.map(({ field }) => field) ?? [],
    retrySeconds: retry === undefined ? undefined : Number(retry.retryDelay?.seconds),
  };
}

function unpack<Schema extends DescMessage>(details: readonly Any[], schema: Schema) {
  return details.map((any) => anyUnpack(any, schema)).find((found) => found !== undefined);
}
