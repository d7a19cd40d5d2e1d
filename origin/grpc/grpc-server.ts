// The gRPC listener: both services, reflection and the standard health service.
import type { DescService } from '@bufbuild/protobuf';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { file_google_rpc_error_details } from '../../shared/proto/generated/google/rpc/error_details_pb.ts';
import { Health } from '../../shared/proto/generated/grpc/health/v1/health_pb.ts';
import { ActivityService } from '../../shared/proto/generated/seckill/v1/activity_pb.ts';
import { SeckillService } from '../../shared/proto/generated/seckill/v1/seckill_pb.ts';
import { ACTIVITY_MAPPINGS } from './activity-mappings.ts';
import { createHandler, type HandlerOptions } from './handler.ts';
import type { Mapping } from './http-call.ts';
import { serviceDefinition } from './received.ts';
import { createReflection } from './reflection.ts';
import { SECKILL_MAPPINGS } from './seckill-mappings.ts';

export interface GrpcServer {
  readonly port: number;
  /** Tells health checks that traffic must go elsewhere; calls are answered all the same. */
  drain(): void;
  /** Answers what is under way, for a while; then cuts it off. */
  close(): Promise<void>;
}

export interface GrpcServerOptions extends HandlerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** What health checks are told until `drain`; calls are answered all the same. */
  readonly isReady: () => boolean;
}

const SERVICES: readonly [DescService, Readonly<Record<string, Mapping>>][] = [
  [SeckillService, SECKILL_MAPPINGS],
  [ActivityService, ACTIVITY_MAPPINGS],
];
const MESSAGE_LIMIT_BYTES = 64 * 1024;
const METADATA_LIMIT_BYTES = 16 * 1024;
const STREAMS_PER_CONNECTION = 1_000;
const KEEPALIVE_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
const CLOSE_WITHIN_MS = 5_000;
const HEALTH_EVERY_MS = 500;

/** Rejects when the port is taken. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES,
    'grpc.max_metadata_size': METADATA_LIMIT_BYTES,
    'grpc.max_concurrent_streams': STREAMS_PER_CONNECTION,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
  });
  for (const [service, mappings] of SERVICES) {
    server.addService(serviceDefinition(service), implementationOf(service, mappings, options));
  }
  const health = addHealth(server, options);
  const described = [...SERVICES.map(([service]) => service), Health];
  createReflection(described, [file_google_rpc_error_details]).addToServer(server);
  const port = await listen(server, options);
  return {
    port,
    drain: health.drain,
    async close() {
      health.drain();
      await close(server);
    },
  };
}

/** `grpc.health.v1`: of the whole and of each service, as ready as this origin. */
function addHealth(server: Server, { isReady }: GrpcServerOptions): Pick<GrpcServer, 'drain'> {
  const names = ['', ...SERVICES.map(([{ typeName }]) => typeName)];
  const health = new HealthImplementation();
  let told: 'SERVING' | 'NOT_SERVING' | undefined;
  // Who watches hears of changes alone.
  function tell(status: 'SERVING' | 'NOT_SERVING'): void {
    if (status === told) return;
    told = status;
    for (const name of names) health.setStatus(name, status);
  }
  const look = () => tell(isReady() ? 'SERVING' : 'NOT_SERVING');
  look();
  health.addToServer(server);
  const looking = setInterval(look, HEALTH_EVERY_MS).unref();
  return {
    drain() {
      clearInterval(looking);
      tell('NOT_SERVING');
    },
  };
}

function implementationOf(
  service: DescService,
  mappings: Readonly<Record<string, Mapping>>,
  options: HandlerOptions,
): UntypedServiceImplementation {
  return Object.fromEntries(
    service.methods.map((method) => {
      const mapping = mappings[method.name];
      if (mapping === undefined) throw new Error(`${method.name} has no mapping`);
      return [method.name, createHandler(method, mapping, options)];
    }),
  );
}

function listen(server: Server, { host, port }: GrpcServerOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
    if (error === null) resolve(bound);
    else reject(error);
  });
  return promise;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.forceShutdown(), CLOSE_WITHIN_MS);
  server.tryShutdown(() => resolve());
  await promise;
  clearTimeout(timer);
}
