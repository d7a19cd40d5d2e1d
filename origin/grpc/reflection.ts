// What reflection tells of the services: the descriptors of their files and of all that these name.
import { type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ReflectionService } from '@grpc/reflection';

export interface Reflected {
  readonly services: readonly DescService[];
  /** Files that no service names: details of errors. */
  readonly others: readonly DescFile[];
  /** Services of libraries, with the descriptors of their files as they have them. */
  readonly foreign: readonly { readonly name: string; readonly files: readonly Uint8Array[] }[];
}

export function createReflection({ services, others, foreign }: Reflected) {
  const files = new Set<DescFile>();
  for (const file of [...services.map((service) => service.file), ...others]) collect(file, files);
  const own = [...files].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  const fileDescriptorProtos = [...own, ...foreign.flatMap((one) => one.files)].map((bytes) =>
    Buffer.from(bytes),
  );
  // The library reads nothing but the descriptors of what it is given.
  const format = 'Protocol Buffer 3 DescriptorProto';
  const names = [...services.map(({ typeName }) => typeName), ...foreign.map(({ name }) => name)];
  return new ReflectionService(
    { files: { format, type: {}, fileDescriptorProtos, ...NO_CODEC } },
    { services: names },
  );
}

const NO_CODEC = {
  serialize: () => Buffer.alloc(0),
  deserialize: () => ({}),
};

function collect(file: DescFile, into: Set<DescFile>): void {
  if (into.has(file)) return;
  into.add(file);
  for (const dependency of file.dependencies) collect(dependency, into);
}
