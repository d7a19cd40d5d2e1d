// Which server of a cluster holds which keys, as CLUSTER SLOTS tells it.
import { Command } from 'ioredis';

export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

export interface SlotMap {
  /** By its name `host:port`, each server that holds slots. */
  readonly nodes: ReadonlyMap<string, NodeAddress>;
  /** The name of the server of each slot. */
  readonly bySlot: readonly (string | undefined)[];
}

export const EMPTY_MAP: SlotMap = { nodes: new Map(), bySlot: [] };
const SLOTS = 16_384;

/** Reads the reply; a server that does not know its own address has the one that it was asked at. */
export function parseSlotMap(reply: unknown, asked: NodeAddress): SlotMap {
  if (!Array.isArray(reply)) throw new Error('CLUSTER SLOTS gave no list');
  const nodes = new Map<string, NodeAddress>();
  const bySlot = new Array<string | undefined>(SLOTS).fill(undefined);
  for (const range of reply) {
    const [first, last, master]: unknown[] = Array.isArray(range) ? range : [];
    const [host, port]: unknown[] = Array.isArray(master) ? master : [];
    const address = { host: String(host ?? '') || asked.host, port: Number(port) };
    const name = `${address.host}:${address.port}`;
    nodes.set(name, address);
    bySlot.fill(name, Number(first), Number(last) + 1);
  }
  return { nodes, bySlot };
}

/** The slot of a key: of the part in braces, where there is one. */
export const slotOf = (key: string): number => new Command('get', [key]).getSlot();

/** `localhost`, or `a,b:7001`: where a cluster is asked first. */
export function parseSeeds({ host, port }: NodeAddress): NodeAddress[] {
  return host.split(',').map((seed) => {
    const [, name = seed, own] = /^(.+):(\d+)$/.exec(seed) ?? [];
    return { host: name, port: own === undefined ? port : Number(own) };
  });
}
