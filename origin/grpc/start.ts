// The gRPC listener of this origin, by its configuration.
import type { OriginConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { GrpcServer, GrpcServerOptions } from './grpc-server.ts';

export async function startGrpc(
  { config, log }: { readonly config: OriginConfig; readonly log: Log },
  routes: Pick<GrpcServerOptions, 'inner' | 'signature' | 'isReady'>,
): Promise<GrpcServer> {
  const { startGrpcServer } = await import('./grpc-server.ts');
  return startGrpcServer({
    ...routes,
    host: config.ORIGIN_HOST,
    port: config.GRPC_PORT,
    onSurprise: (error, path) => log.error({ err: error, path }, 'a gRPC call met a surprise'),
  });
}
