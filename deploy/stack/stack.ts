// Everything that one sale needs, on this machine: Redis, bridge, origin and the Worker; on the
// full stack MariaDB, etcd and Kafka too. What is in `dir` is gone on from.
import { join } from 'node:path';
import { startEtcd } from '../local/services/etcd.ts';
import { startKafka } from '../local/services/kafka.ts';
import { credentials, startMariadb } from '../local/services/mariadb.ts';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { endProcess, runningIn } from '../local/services/process.ts';
import { startRedis } from '../local/services/redis.ts';
import type { Address } from '../local/services/requests.ts';
import type { Service } from '../local/services/service.ts';
import { startBridge } from './bridge.ts';
import { buildPage } from './build-page.ts';
import { startEdge } from './edge.ts';
import { startGateway } from './gateway.ts';
import { migrate } from './origin.ts';
import { LIVE_SETTINGS, ORIGINS, type OriginPorts, startOrigins } from './origins.ts';
import { type Part, startPart } from './part.ts';
import type { Secrets } from './secrets.ts';
import {
  type Database,
  type DurablePlaces,
  edgeVars,
  type Names,
  originEnv,
  type RedisAt,
} from './settings.ts';

export type LiveSettingsPlace =
  | { readonly file: string }
  | { readonly endpoints: string; readonly prefix: string };

/** Where nothing else is said, as the origin's configuration has it. */
const ETCD_PREFIX = '/flash-sale/';

export interface StackPlan {
  kind: 'embedded' | 'full';
  dir: string;
  secrets: Secrets;
  /** Free ones where absent. */
  ports?: OriginPorts & { readonly edge?: number };
  /** Origins side by side, on the full stack; 1 where absent, at most 3. */
  origins?: number;
  /** Processes by name with their ROLES, in place of `origins`; names of ORIGINS, `origin` first. */
  roles?: Readonly<Record<string, string>>;
  /** Services of the full stack that run already; else they are started in `dir`. */
  places?: DurablePlaces;
  /**
   * A Redis, or a cluster, that runs already; else one is started in `dir`. Two systems in one would
   * write over each other's list of origins, and slow down for each other's load.
   */
  redis?: RedisAt;
  names?: Names;
  /** Settings of the Worker beside those that a stack needs. */
  edgeVars?: Readonly<Record<string, string>>;
  /** Settings of every origin beside those that a stack needs. */
  originVars?: Readonly<Record<string, string>>;
  /** Told about each part as it answers. */
  onReady?: (part: Part) => void;
}

export interface Stack {
  readonly edge: string;
  readonly origin: string;
  readonly actuator: string;
  /** Of all origins, the first one's too. */
  readonly actuators: readonly string[];
  /** HOST:PORT */
  readonly grpc: string;
  readonly bridge: string;
  /** The local payment gateway. */
  readonly gateway: string;
  readonly redis: RedisAt;
  readonly database: Database;
  /** Where live settings stand: a file, or a prefix in etcd. */
  readonly liveSettings: LiveSettingsPlace;
  /** In the order of their start. */
  readonly parts: readonly Part[];
  pids(): Record<string, number>;
  /** Ends every part gracefully: the Worker, what it calls, then the services. */
  stop(): Promise<void>;
}

const SWEEP_WITHIN_MS = 5_000;
const SERVICES = ['redis', 'mysql', 'kafka', 'etcd', 'gateway', 'bridge', ...ORIGINS, 'edge'];

/** Resolves when every part has answered a real request; a failure ends what was started. */
export async function startStack(plan: StackPlan): Promise<Stack> {
  const parts: Part[] = [];
  const starts: Promise<Part>[] = [];
  async function start<Kind extends Service>(name: string, by: StartAt<Kind>): Promise<Part<Kind>> {
    const starting = startPart(name, by);
    starts.push(starting);
    const part = await starting;
    parts.push(part);
    plan.onReady?.(part);
    return part;
  }
  try {
    return await assemble(plan, parts, start);
  } catch (error) {
    // Those that were starting beside the one that failed must be known before they can be ended.
    await Promise.allSettled(starts);
    await stopAll(parts);
    throw error;
  }
}

type StartAt<Kind extends Service> = (port?: number) => Promise<Kind>;
type Start = <Kind extends Service>(name: string, by: StartAt<Kind>) => Promise<Part<Kind>>;

async function assemble(plan: StackPlan, parts: readonly Part[], start: Start): Promise<Stack> {
  const { secrets, ports = {} } = plan;
  const dir = (name: string) => join(plan.dir, name);
  await sweep(plan.dir);
  const [redis, database] = await Promise.all([
    plan.redis ?? start('redis', at(startRedis, dir('redis'))).then(addressOf),
    databaseOf(plan, start),
    buildPage(),
  ]);
  const edgePort = ports.edge ?? (await freePort());
  const shopUrl = `http://${LOOPBACK}:${edgePort}`;
  const gateway = await start('gateway', (port) =>
    startGateway({ dir: dir('gateway'), secrets, shopUrl, port }),
  );
  const env = originEnv({ secrets, redis, database, gatewayUrl: urlOf(gateway) });
  if (database.kind === 'mysql') await migrate(env);
  const [bridge, origins] = await Promise.all([
    start('bridge', (port) =>
      startBridge({ dir: dir('bridge'), token: secrets.bridge, redis, port }),
    ),
    startOrigins(plan, env, (name, by) => start(name, by)),
  ]);
  const [origin] = origins;
  const [bridgeUrl, originUrl] = [urlOf(bridge), urlOf(origin)];
  const vars = { ...edgeVars({ secrets, bridgeUrl, originUrl }), ...plan.edgeVars };
  const edge = await start('edge', (port = edgePort) =>
    startEdge({ dir: dir('edge'), vars, port }),
  );
  return {
    edge: urlOf(edge),
    origin: originUrl,
    actuator: origin.service().actuator,
    actuators: origins.map(({ service }) => service().actuator),
    grpc: origin.service().grpc,
    bridge: bridgeUrl,
    gateway: urlOf(gateway),
    redis,
    database,
    liveSettings: liveSettingsOf(plan, database),
    parts,
    pids: () => Object.fromEntries(parts.map(({ name, service }) => [name, service().pid])),
    stop: () => stopAll(parts),
  };
}

function liveSettingsOf({ dir, names }: StackPlan, database: Database): LiveSettingsPlace {
  if (database.kind === 'sqlite') return { file: join(dir, LIVE_SETTINGS) };
  const { endpoints } = database.places.etcd;
  return { endpoints, prefix: names?.etcdPrefix ?? ETCD_PREFIX };
}

async function databaseOf(plan: StackPlan, start: Start): Promise<Database> {
  if (plan.kind === 'embedded') {
    return { kind: 'sqlite', file: join(plan.dir, 'flash-sale.sqlite') };
  }
  const names = plan.names === undefined ? {} : { names: plan.names };
  if (plan.places !== undefined) return { kind: 'mysql', places: plan.places, ...names };
  const dir = (name: string) => join(plan.dir, name);
  const [mysql, kafka, etcd] = await Promise.all([
    start('mysql', at(startMariadb, dir('mysql'))),
    start('kafka', at(startKafka, dir('kafka'))),
    start('etcd', at(startEtcd, dir('etcd'))),
  ]);
  const places: DurablePlaces = {
    mysql: { ...addressOf(mysql), ...credentials },
    kafka: { bootstrap: urlOf(kafka) },
    etcd: { endpoints: urlOf(etcd) },
  };
  return { kind: 'mysql', places, ...names };
}

/** Ends what a stack in `dir` that was itself killed has left behind. */
export async function sweep(dir: string): Promise<void> {
  for (const name of SERVICES) {
    const left = runningIn(join(dir, name));
    if (left === undefined) continue;
    await endProcess({ pid: left.pid, signal: 'SIGTERM', withinMs: SWEEP_WITHIN_MS });
  }
}

/** Who calls ends before who is called, so that nothing under way is cut off. */
async function stopAll(parts: readonly Part[]): Promise<void> {
  const callers = [['edge'], [...ORIGINS, 'bridge']];
  const called = parts.map(({ name }) => name).filter((name) => !callers.flat().includes(name));
  for (const names of [...callers, called]) {
    const together = parts.filter(({ name }) => names.includes(name));
    await Promise.all(together.map((part) => part.service().stop()));
  }
}

type ServiceStart = (options: { dir: string; port?: number }) => Promise<Service>;

function at(startService: ServiceStart, dir: string): StartAt<Service> {
  return (port) => startService({ dir, ...(port !== undefined && { port }) });
}

function addressOf(part: Part): Address {
  const { host, port } = part.service();
  return { host, port };
}

function urlOf(part: Part): string {
  const { url } = part.service();
  if (url === undefined) throw new Error(`${part.name} has no URL`);
  return url;
}
