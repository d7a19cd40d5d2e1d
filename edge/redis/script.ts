import type { Redis } from '@upstash/redis/cloudflare';

export type ScriptAnswer =
  | { readonly kind: 'answer'; readonly value: unknown }
  /** The script itself failed; `code` is the first word of Redis's complaint. */
  | { readonly kind: 'fault'; readonly code: string };

export interface ScriptCall {
  readonly keys: string[];
  readonly args: string[];
}

export type RunScript = (redis: Redis, call: ScriptCall) => Promise<ScriptAnswer>;

/**
 * Runs a script by its hash once this isolate has sent its text, so that no call costs two
 * requests unless the server has forgotten the script. On NOSCRIPT nothing has run: sending the
 * text is safe. Every other error is an answer.
 */
export function createScript(source: string): RunScript {
  let hash: string | undefined;
  let isSent = false;

  async function runByText(redis: Redis, { keys, args }: ScriptCall): Promise<ScriptAnswer> {
    const replies = await redis.pipeline().eval<string[], unknown>(source, keys, args).exec(KEEP);
    isSent = true;
    return answerOf(replies[0]);
  }

  return async function run(redis, call) {
    if (!isSent) return runByText(redis, call);
    hash ??= await sha1(source);
    const replies = await redis
      .pipeline()
      .evalsha<string[], unknown>(hash, call.keys, call.args)
      .exec(KEEP);
    const answer = answerOf(replies[0]);
    const isForgotten = answer.kind === 'fault' && answer.code === 'NOSCRIPT';
    return isForgotten ? runByText(redis, call) : answer;
  };
}

const KEEP = { keepErrors: true } as const;

function answerOf({ result, error }: { result?: unknown; error?: string }): ScriptAnswer {
  if (error === undefined) return { kind: 'answer', value: result };
  return { kind: 'fault', code: error.split(' ', 1)[0] ?? '' };
}

async function sha1(text: string): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)),
  );
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
