// A Redis Cluster behind the face of one connection. The library's own cluster client follows a
// moved slot and repeats calls on another server; here a call is sent once, to the server whose run
// id the caller could see, and whatever else that server says is the caller's: MOVED, ASK, TRYAGAIN
// and CLUSTERDOWN mean that nothing has run. The map of slots is asked for again meanwhile.
import { type Command, Redis } from 'ioredis';
import { connectNode, type RedisConnection } from '../node-connection.ts';
import { EMPTY_MAP, type NodeAddress, parseSeeds, parseSlotMap, slotOf } from './slot-map.ts';

const REFRESH_EVERY_MS = 1_000;
const REFRESH_SOON_MS = 50;
const SEED_WITHIN_MS = 1_000;
const ELSEWHERE = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN) /;

export class ClusterRedis extends Redis {
  readonly #connection: RedisConnection;
  readonly #nodes = new Map<string, Redis>();
  readonly #corked = new Set<Redis>();
  #map = EMPTY_MAP;
  #round = 0;
  #timer: NodeJS.Timeout | undefined;
  #isSoon = false;

  constructor(connection: RedisConnection) {
    // This object itself never connects: it has the commands, the servers have the connections.
    super({ lazyConnect: true, enableOfflineQueue: false, protocol: 2 });
    this.#connection = connection;
    this.status = 'connecting';
    void this.#keepMap();
  }

  /** The servers that hold slots. */
  nodes(): readonly Redis[] {
    return [...this.#nodes.values()];
  }

  /** The server that holds the key; undefined while nobody knows. */
  nodeOf(key: string): Redis | undefined {
    return this.#nodes.get(this.#map.bySlot[slotOf(key)] ?? '');
  }

  /** Sends a call once, to the server of its first key; those of one loop turn in one write. */
  override sendCommand(command: Command): unknown {
    const [key] = command.getKeys();
    if (key === undefined) return refuse(command, `ERR ${command.name} names no server: no key`);
    const node = this.nodeOf(String(key));
    if (node === undefined) return refuse(command, 'CLUSTERDOWN nobody is known to hold the key');
    command.promise.catch((error: Error) => {
      if (ELSEWHERE.test(error.message)) this.#refreshSoon();
    });
    this.#cork(node);
    return node.sendCommand(command);
  }

  override disconnect(): void {
    this.status = 'end';
    clearTimeout(this.#timer);
    for (const node of this.#nodes.values()) node.disconnect();
    this.emit('end');
  }

  #cork(node: Redis): void {
    if (this.#corked.has(node) || node.status !== 'ready') return;
    const { stream } = node;
    this.#corked.add(node);
    stream.cork();
    setImmediate(() => {
      this.#corked.delete(node);
      stream.uncork();
    });
  }

  #refreshSoon(): void {
    if (this.#isSoon || this.#isEnded()) return;
    this.#isSoon = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keepMap(), REFRESH_SOON_MS);
  }

  async #keepMap(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isSoon = false;
    const round = ++this.#round;
    try {
      await this.#refresh();
    } catch (error) {
      this.#connection.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
    // Another round may have begun while this one waited for a silent server.
    if (this.#isEnded() || this.#isSoon || round !== this.#round) return;
    this.#tellReady();
    this.#timer = setTimeout(() => void this.#keepMap(), REFRESH_EVERY_MS).unref();
  }

  /** Asks another server each time, for one alone may be cut off; the seeds where none answers. */
  async #refresh(): Promise<void> {
    const ready = [...this.#nodes].filter(([, node]) => node.status === 'ready');
    const [name, node] = ready[this.#round % ready.length] ?? [];
    const asked = name === undefined ? undefined : this.#map.nodes.get(name);
    if (node !== undefined && asked !== undefined) {
      return this.#adopt(await node.cluster('SLOTS'), asked);
    }
    let failure: unknown;
    for (const seed of parseSeeds(this.#connection)) {
      try {
        return this.#adopt(await askSeed(this.#connection, seed), seed);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #adopt(reply: unknown, asked: NodeAddress): void {
    if (this.#isEnded()) return;
    const map = parseSlotMap(reply, asked);
    for (const [name, node] of this.#nodes) {
      if (map.nodes.has(name)) continue;
      this.#nodes.delete(name);
      node.disconnect();
    }
    for (const [name, { host, port }] of map.nodes) {
      if (this.#nodes.has(name)) continue;
      const node = connectNode({ ...this.#connection, host, port });
      node.on('ready', () => this.#tellReady('all'));
      node.on('close', () => this.#refreshSoon());
      this.#nodes.set(name, node);
    }
    this.#map = map;
  }

  /** Ready when all servers are, or a second later when one is: the others' keys are away. */
  #tellReady(demand: 'all' | 'some' = 'some'): void {
    const ready = this.nodes().filter(({ status }) => status === 'ready').length;
    const isReady = ready > 0 && (demand === 'some' || ready === this.#nodes.size);
    if (this.status !== 'connecting' || !isReady) return;
    this.status = 'ready';
    this.emit('ready');
  }

  #isEnded(): boolean {
    return this.status === 'end';
  }
}

function refuse(command: Command, reason: string): unknown {
  command.reject(new Error(reason));
  return command.promise;
}

async function askSeed(connection: RedisConnection, seed: NodeAddress): Promise<unknown> {
  const { name, commandTimeoutMs } = connection;
  const node = connectNode({ ...seed, name, commandTimeoutMs });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const deadline = setTimeout(
      () => reject(new Error(`no answer from ${seed.host}:${seed.port}`)),
      SEED_WITHIN_MS,
    );
    node.once('ready', resolve);
    await promise.finally(() => clearTimeout(deadline));
    return await node.cluster('SLOTS');
  } finally {
    node.disconnect();
  }
}
