import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { nodeOf } from './nodes.ts';

export interface Script {
  readonly name: string;
  readonly source: string;
  /** SHA-1 of the source in lower-case hex: the name under which Redis knows the script. */
  readonly hash: string;
  /**
   * Runs the script by its hash. A server that does not know it (new, restarted, flushed) gets
   * the source once, which is safe: on NOSCRIPT nothing has run. Every other error is the
   * caller's, unchanged.
   */
  run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

/** Makes a script that any connection can run; nothing is sent until it does. */
export function loadScript(name: string, source: string): Script {
  const hash = createHash('sha1').update(source).digest('hex');
  return {
    name,
    source,
    hash,
    async run(redis, keys, args) {
      // Both at one server: it was chosen for its run id.
      const [key] = keys;
      const node = (key === undefined ? redis : nodeOf(redis, key)) ?? redis;
      try {
        return await node.evalsha(hash, keys.length, ...keys, ...args);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return await node.eval(source, keys.length, ...keys, ...args);
      }
    },
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
