import { hexOf } from '../hex.ts';
import type { RedisClient } from './edge-redis.ts';
import type { Reply, Ride } from './ride.ts';

export type ScriptAnswer =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** The script itself failed; `code` is the first word of Redis's complaint. */
  | { readonly kind: 'fault'; readonly code: string };

export interface ScriptCall {
  readonly keys: string[];
  readonly args: string[];
}

export interface Script {
  /** Runs it in a request of its own. */
  run(redis: RedisClient, call: ScriptCall): Promise<ScriptAnswer>;
  /** Runs it in a pipeline that goes to Redis anyway; `answerOf` reads what came of it. */
  ride(call: ScriptCall): Promise<Ride>;
  /** `forgotten`: the server does not know the hash, and nothing has run. */
  answerOf(reply: Reply | undefined): ScriptAnswer | { readonly kind: 'forgotten' };
}

/**
 * Runs a script by its hash once this isolate has sent its text, so that no call costs two
 * requests unless the server has forgotten the script. On NOSCRIPT nothing has run: sending the
 * text is safe. Every other error is an answer.
 */
export function createScript(source: string): Script {
  let hash: string | undefined;
  let isSent = false;

  function answerOf(reply: Reply | undefined): ReturnType<Script['answerOf']> {
    if (reply === undefined) return { kind: 'fault', code: 'NOTHING' };
    if (reply.error === undefined) return { kind: 'answer', value: reply.result };
    const code = reply.error.split(' ', 1)[0] ?? '';
    if (code !== 'NOSCRIPT') return { kind: 'fault', code };
    isSent = false;
    return { kind: 'forgotten' };
  }

  const by = (how: 'eval' | 'evalsha', script: string, { keys, args }: ScriptCall): Ride => [
    how,
    script,
    keys.length,
    ...keys,
    ...args,
  ];

  async function ride(call: ScriptCall): Promise<Ride> {
    if (!isSent) {
      isSent = true;
      return by('eval', source, call);
    }
    const known = hash ?? (await sha1(source));
    hash = known;
    return by('evalsha', known, call);
  }

  async function runOnce(
    redis: RedisClient,
    script: Ride,
  ): Promise<ReturnType<Script['answerOf']>> {
    const [reply] = await redis.send([script]);
    return answerOf(reply);
  }

  return {
    ride,
    answerOf,
    async run(redis, call) {
      const answer = await runOnce(redis, await ride(call));
      const again =
        answer.kind === 'forgotten' ? await runOnce(redis, by('eval', source, call)) : answer;
      return again.kind === 'forgotten' ? { kind: 'fault', code: 'NOSCRIPT' } : again;
    },
  };
}

async function sha1(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)));
}
