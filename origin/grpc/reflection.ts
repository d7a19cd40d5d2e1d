// What reflection tells of the services: the descriptors of their files and of all that these name.
import { type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ReflectionService } from '@grpc/reflection';

export function createReflection(services: readonly DescService[], others: readonly DescFile[]) {
  const files = new Set<DescFile>();
  for (const file of [...services.map((service) => service.file), ...others]) collect(file, files);
  const fileDescriptorProtos = [...files].map(({ proto }) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, proto)),
  );
  // The library reads nothing but the descriptors of what it is given.
  const format = 'Protocol Buffer 3 DescriptorProto';
  const names = services.map(({ typeName }) => typeName);
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
