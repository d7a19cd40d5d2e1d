// Three Redis servers that share the slots, from the same program as the single one: each with an
// append-only file of its own, and none that takes over another's slots.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { startRedis } from './redis.ts';
import type { Address } from './requests.ts';
import type { Service } from './service.ts';

export interface RedisCluster {
  /** Where clients ask first: one of the servers. */
  readonly place: Address & { readonly isCluster: true };
  readonly nodes: readonly RedisNode[];
  /** Starts a replica of one of them; resolves when it follows. It does nothing by itself. */
  replicate(index: number): Promise<RedisReplica>;
  stop(): Promise<void>;
}

export interface RedisReplica extends RedisNode {
  /** Takes the slots of its server over, with what it has of their data. */
  takeOver(): Promise<void>;
}

export interface RedisNode {
  /** The first of its slots, and the last. */
  readonly slots: readonly [number, number];
  /** The process of the present start. */
  service(): Service;
  /** Starts it anew on its data, port and slots; the process before must have ended. */
  restart(): Promise<void>;
}

const SLOTS = 16_384;
const NODES = 3;
/** After this long without an answer the others count a server as failed. */
const NODE_TIMEOUT_MS = 2_000;
const JOINED_WITHIN_MS = 30_000;
const POLL_MS = 50;

/** Resolves when every server says that all slots are served. */
export async function startRedisCluster({ dir }: { dir: string }): Promise<RedisCluster> {
  const starting = Array.from({ length: NODES }, (_none, index) => startNode({ dir, index }));
  const started = await Promise.allSettled(starting);
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(({ service }) => service().stop()));
  };
  try {
    const nodes = await Promise.all(starting);
    await makeCluster(nodes);
    const { host, port } = nodeAt(nodes, 0).service();
    const replicate = async (index: number): Promise<RedisReplica> => {
      const args = ['--cluster-replica-no-failover', 'yes'];
      const replica = await startNode({ dir: join(dir, 'replica'), index, args });
      running.push(replica);
      await follow(replica, nodeAt(nodes, index));
      return { ...replica, takeOver: () => takeOver(replica) };
    };
    return { place: { host, port, isCluster: true }, nodes, replicate, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface StartedNode extends RedisNode {
  readonly busPort: number;
}

function nodeAt(nodes: readonly StartedNode[], index: number): StartedNode {
  const node = nodes[index];
  if (node === undefined) throw new Error(`a cluster of ${nodes.length} has no server ${index}`);
  return node;
}

async function startNode(plan: {
  dir: string;
  index: number;
  args?: string[];
}): Promise<StartedNode> {
  const { index } = plan;
  const dir = join(plan.dir, `node-${index + 1}`);
  const busPort = await freePort();
  const args = [
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
    ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS)],
    // A server that is away takes its own slots along and no others.
    ...['--cluster-require-full-coverage', 'no'],
    ...(plan.args ?? []),
  ];
  const start = (port?: number): Promise<Service> =>
    startRedis({ dir, args, ...(port !== undefined && { port }) });
  let service = await start();
  return {
    slots: [firstSlot(index), firstSlot(index + 1) - 1],
    busPort,
    service: () => service,
    async restart() {
      service = await start(service.port);
    },
  };
}

const firstSlot = (index: number): number => Math.ceil((index * SLOTS) / NODES);

/** Gives each its slots, makes them known to each other and waits until all of them agree. */
async function makeCluster(nodes: readonly StartedNode[]): Promise<void> {
  const clients = nodes.map(clientOf);
  try {
    for (const [index, client] of clients.entries()) {
      const [first = 0, last = 0] = nodes[index]?.slots ?? [];
      // Numbers of their own at once: servers that start with the same one first have to agree.
      await client.cluster('SET-CONFIG-EPOCH', index + 1);
      await client.cluster('ADDSLOTSRANGE', first, last);
    }
    const [first] = clients;
    for (const { service, busPort } of nodes.slice(1)) {
      const { host, port } = service();
      await first?.cluster('MEET', host, port, busPort);
    }
    await until(() => areJoined(clients));
  } finally {
    for (const client of clients) client.disconnect();
  }
}

function clientOf({ service }: RedisNode): Redis {
  const { host, port } = service();
  return new Redis({ host, port, protocol: 2, maxRetriesPerRequest: 2 });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + JOINED_WITHIN_MS;
  while (!(await isSo())) {
    if (Date.now() >= deadline) throw new Error('the servers have not become a cluster');
    await pause(POLL_MS);
  }
}

async function follow(replica: StartedNode, node: StartedNode): Promise<void> {
  const [client, followed] = [clientOf(replica), clientOf(node)];
  try {
    const { host, port } = node.service();
    await client.cluster('MEET', host, port, node.busPort);
    const name = String(await followed.cluster('MYID'));
    await until(async () => String(await client.cluster('NODES')).includes(`${name} ${host}`));
    await client.cluster('REPLICATE', name);
    await until(async () => (await client.info('replication')).includes('master_link_status:up'));
  } finally {
    client.disconnect();
    followed.disconnect();
  }
}

async function takeOver(replica: StartedNode): Promise<void> {
  const client = clientOf(replica);
  try {
    await client.cluster('FAILOVER', 'TAKEOVER');
    await until(async () => (await client.info('replication')).includes('role:master'));
  } finally {
    client.disconnect();
  }
}

async function areJoined(clients: readonly Redis[]): Promise<boolean> {
  const infos = await Promise.all(clients.map((client) => client.cluster('INFO')));
  return infos.every(
    (info) =>
      info.includes('cluster_state:ok') &&
      info.includes(`cluster_slots_ok:${SLOTS}`) &&
      info.includes(`cluster_known_nodes:${clients.length}`),
  );
}
