// How gRPC's server library is told of the services: from the generated descriptors, with each
// request kept as the bytes that arrived, for the edge's signature covers those.
import {
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

export interface Received {
  readonly bytes: Buffer;
  /** undefined: the bytes are no message of this kind. */
  readonly message: Message | undefined;
}

export const pathOf = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`;

export function serviceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.name, definitionOf(method)]));
}

function definitionOf(
  method: DescMethod,
): MethodDefinition<Received, MessageShape<DescMethod['output']>> {
  return {
    path: pathOf(method),
    requestStream: false,
    responseStream: false,
    requestSerialize: ({ bytes }) => bytes,
    requestDeserialize: (bytes) => ({ bytes, message: parse(method, bytes) }),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

function parse(method: DescMethod, bytes: Buffer): Message | undefined {
  try {
    return fromBinary(method.input, bytes);
  } catch {
    return undefined;
  }
}
