import { type Redis, Command as RedisCommand, ReplyError } from 'ioredis';
import { isCluster, nodesFor, nodesOf } from '../redis/nodes.ts';
import type { Command } from './command.ts';
import type { Scripts } from './scripts.ts';

/** What came of one command. A reply is as Redis sent it: null, integer, Buffer, Error, array. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'away'; readonly message: string }
  /** One server of a cluster is away, and others are there. */
  | { readonly kind: 'part-away'; readonly message: string };

export interface Calls {
  run(command: Command): Promise<Answer>;
  /** All or nothing: a reply that lists the replies, or one error. */
  runTransaction(commands: readonly Command[]): Promise<Answer>;
}

const MULTI: Command = { name: 'MULTI', args: [] };
const EXEC: Command = { name: 'EXEC', args: [] };
const BUSY: Answer = { kind: 'away', message: 'ERR too many calls wait for Redis' };
const NOT_SENT_AWAY: Answer = { kind: 'away', message: 'ERR Redis is away; nothing was sent' };
const CROSS_SLOT: Answer = {
  kind: 'error',
  message: 'CROSSSLOT Keys in request are of several servers',
};
// What ioredis says of a call that it neither sent nor queued.
const NOT_SENT = "Stream isn't writeable";
// Redis answers these while it cannot serve, whatever the command was.
const NOT_SERVING = /^(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK) /;

/**
 * Sends commands over one connection. Deadline: the connection's command timeout. Retries: none.
 * Redis away, silent or over `inFlightLimit` unanswered calls: `away`, at once.
 * Safe to repeat: only what the client knows to be.
 */
export function createCalls(redis: Redis, scripts: Scripts, inFlightLimit: number): Calls {
  let inFlight = 0;
  const corked = new Set<Redis>();

  async function send(node: Redis, request: RedisCommand): Promise<Answer> {
    corkUntilEndOfTurn(node);
    inFlight += 1;
    try {
      return { kind: 'reply', reply: await node.sendCommand(request) };
    } catch (error) {
      return answerOf(error);
    } finally {
      inFlight -= 1;
    }
  }

  /** One server in all cases but one: a cluster, and a command that names no key. */
  async function sendToAll(command: Command): Promise<Answer> {
    const request = requestOf(command);
    const [node, ...others] = nodesFor(redis, request);
    if (node === undefined) return NOT_SENT_AWAY;
    if (others.length === 0) return await send(node, request);
    const copies = others.map((other) => send(other, requestOf(command)));
    const answers = await Promise.all([send(node, request), ...copies]);
    const kindOf = (wanted: Answer['kind']) => answers.find(({ kind }) => kind === wanted);
    // A server that is away now learns a script when it is first asked for it.
    return kindOf('error') ?? kindOf('reply') ?? answers[0];
  }

  function inPart(answer: Answer): Answer {
    if (answer.kind !== 'away' || !nodesOf(redis).some(({ status }) => status === 'ready')) {
      return answer;
    }
    const message = answer.message.replace(/^ERR Redis/, 'CLUSTERDOWN the server of this key');
    return { kind: 'part-away', message };
  }

  async function run(command: Command): Promise<Answer> {
    if (inFlight >= inFlightLimit) return BUSY;
    const { command: translated, answer } = scripts.translate(command);
    const sent = isCluster(redis)
      ? inPart(await sendToAll(translated))
      : await sendToAll(translated);
    return sent.kind === 'reply' && answer !== undefined ? { kind: 'reply', reply: answer } : sent;
  }

  /** What is called in one turn of the event loop leaves in one write: a write costs more than a call. */
  function corkUntilEndOfTurn(node: Redis): void {
    if (corked.has(node) || node.status !== 'ready') return;
    const { stream } = node;
    corked.add(node);
    stream.cork();
    setImmediate(() => {
      corked.delete(node);
      stream.uncork();
    });
  }

  return {
    run,
    async runTransaction(commands) {
      if (inFlight >= inFlightLimit) return BUSY;
      const translations = commands.map((command) => scripts.translate(command));
      const requests = translations.map(({ command }) => requestOf(command));
      // All at the server of the first, which refuses what is of several of its slots.
      const [first = requestOf(EXEC)] = requests;
      const [node] = nodesFor(redis, first);
      if (node === undefined) return NOT_SENT_AWAY;
      if (requests.some((request) => !nodesFor(redis, request).includes(node))) return CROSS_SLOT;
      // Sent in one turn, so nothing of another caller can come between.
      const queued = [requestOf(MULTI), ...requests].map((request) => send(node, request));
      const [executed, ...others] = await Promise.all([send(node, requestOf(EXEC)), ...queued]);
      const away = others.find((other) => other.kind === 'away');
      if (away) return away;
      if (executed.kind !== 'reply' || !Array.isArray(executed.reply)) return executed;
      const replies: unknown[] = executed.reply;
      return {
        kind: 'reply',
        reply: replies.map((reply, index) =>
          reply instanceof Error ? reply : (translations[index]?.answer ?? reply),
        ),
      };
    },
  };
}

// In upper case a command passes none of ioredis's transformers, which know the lower-case names
// only and would make HGETALL an object; without an encoding, texts stay bytes.
const requestOf = ({ name, args }: Command): RedisCommand => new RedisCommand(name, [...args]);

function answerOf(error: unknown): Answer {
  if (error instanceof ReplyError && error instanceof Error) {
    return { kind: NOT_SERVING.test(error.message) ? 'away' : 'error', message: error.message };
  }
  if (error instanceof Error && error.message.startsWith(NOT_SENT)) {
    return NOT_SENT_AWAY;
  }
  return { kind: 'away', message: 'ERR Redis did not answer; the outcome is unknown' };
}
