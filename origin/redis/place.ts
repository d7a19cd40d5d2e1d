// Where the two Redis roles are, as the configuration says.
import type { OriginConfig } from '../config.ts';

/** A server, or where to ask first of a cluster. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly isCluster: boolean;
}

type Named<Names extends keyof OriginConfig> = Pick<OriginConfig, Names>;

/** Stock, orders, outbox. */
export const inventoryPlace = (
  config: Named<'REDIS_HOST' | 'REDIS_PORT' | 'REDIS_CLUSTER'>,
): RedisPlace => ({
  host: config.REDIS_HOST,
  port: config.REDIS_PORT,
  isCluster: config.REDIS_CLUSTER,
});

/** The line and its clock. */
export const linePlace = (
  config: Named<'EDGE_REDIS_HOST' | 'EDGE_REDIS_PORT' | 'EDGE_REDIS_CLUSTER'>,
): RedisPlace => ({
  host: config.EDGE_REDIS_HOST,
  port: config.EDGE_REDIS_PORT,
  isCluster: config.EDGE_REDIS_CLUSTER,
});
