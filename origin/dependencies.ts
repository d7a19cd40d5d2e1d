// Opens what the origin depends on, checks that it is set up as promised, and closes it again.
import { setTimeout as pause } from 'node:timers/promises';
import { demandRedisSettings, type RedisDemands } from './actuator/redis-settings.ts';
import type { OriginConfig } from './config.ts';
import type { Leadership } from './leadership/leadership.ts';
import { createSingleInstance } from './leadership/single-instance.ts';
import type { Log } from './log.ts';
import type { Redis } from './redis/client.ts';
import { connectRedis } from './redis/connection.ts';
import { createDurability, type Durability, parseDurability } from './redis/durability.ts';
import { connectInventory, type InventoryLink } from './redis/inventory-link.ts';
import { inventoryPlace, linePlace } from './redis/place.ts';
import type { Registration } from './registration/registration.ts';
import { createSingleRegistration } from './registration/single-registration.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { storeTarget } from './store/target.ts';

export interface Dependencies {
  readonly store: Store;
  readonly link: InventoryLink;
  readonly durability: Durability;
  readonly edgeRedis: Redis;
  readonly leadership: Leadership;
  readonly registration: Registration;
  close(): Promise<void>;
}

/** What must be changed before the origin may start. */
export class UnfitDependency extends Error {
  override readonly name = 'UnfitDependency';
}

const COMMAND_TIMEOUT_MS = 2_000;
const START_DEADLINE_MS = 30_000;
const START_RETRY_MS = 500;

/** Waits up to 30 s for each; rejects with what is missing or set wrongly. */
export async function openDependencies(config: OriginConfig, log: Log): Promise<Dependencies> {
  const link = await connectInventory({
    ...inventoryPlace(config),
    name: `${config.INSTANCE}-inventory`,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  const edgeRedis = connectRedis({
    ...linePlace(config),
    name: `${config.INSTANCE}-line`,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  const faults = await demandRedisSettings(link.redis, redisDemands(config));
  if (faults.length > 0) throw new UnfitDependency(faults.join('\n'));
  const durability = createDurability(parseDurability(config.REDIS_DURABILITY), {
    ...inventoryPlace(config),
    name: `${config.INSTANCE}-replicas`,
    onError: (error) => log.debug({ err: error }, 'replicas could not be asked'),
  });
  const store = await untilItAnswers('the database', log, async () => {
    const opened = await openStore(storeTarget(config));
    return await opened.ping().then(
      () => opened,
      async (error: unknown) => {
        await opened.close();
        throw error;
      },
    );
  });
  const leadership = await openLeadership(config, store, log);
  const registration = await openRegistration(config, log);
  return {
    store,
    link,
    durability,
    edgeRedis,
    leadership,
    registration,
    async close() {
      await leadership.close();
      await registration.close();
      await store.close();
      link.close();
      durability.close();
      edgeRedis.disconnect();
    },
  };
}

/** What the inventory Redis must be set to: throw-away ones of tests may keep nothing. */
export function redisDemands({ PROFILE, REDIS_DURABILITY }: OriginConfig): RedisDemands {
  if (PROFILE === 'testing') return { appendOnly: 'optional' };
  const { appendfsync } = parseDurability(REDIS_DURABILITY);
  return { appendOnly: 'required', appendfsync };
}

/** Not a job: what the database counts under this name are the lives of etcd. */
const ETCD_LIVES = 'etcd';

async function openLeadership(config: OriginConfig, store: Store, log: Log): Promise<Leadership> {
  if (config.STACK === 'embedded') return createSingleInstance(store, log);
  // The embedded stack starts without the client libraries of the full one.
  const { createEtcdLeadership } = await import('./leadership/etcd-leadership.ts');
  return createEtcdLeadership({
    endpoints: config.ETCD_ENDPOINTS.split(','),
    prefix: config.ETCD_PREFIX,
    leaseSeconds: config.ETCD_LEASE_SECONDS,
    instance: config.INSTANCE,
    nextLife: () => store.nextTerm(ETCD_LIVES),
    log,
  });
}

async function openRegistration(config: OriginConfig, log: Log): Promise<Registration> {
  if (config.STACK === 'embedded') return createSingleRegistration();
  const { createEtcdRegistration } = await import('./registration/etcd-registration.ts');
  return createEtcdRegistration({
    endpoints: config.ETCD_ENDPOINTS.split(','),
    prefix: config.ETCD_PREFIX,
    leaseSeconds: config.ETCD_LEASE_SECONDS,
    log,
  });
}

async function untilItAnswers<Value>(
  what: string,
  log: Log,
  open: () => Promise<Value>,
): Promise<Value> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      log.warn({ err: error }, `${what} does not answer yet`);
      await pause(START_RETRY_MS);
    }
  }
}
