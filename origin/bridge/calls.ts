import { type Redis, Command as RedisCommand, ReplyError } from 'ioredis';
import type { Command } from './command.ts';
import type { Scripts } from './scripts.ts';

/** What came of one command. A reply is as Redis sent it: null, integer, Buffer, Error, array. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'away'; readonly message: string };

export interface Calls {
  run(command: Command): Promise<Answer>;
  /** All or nothing: a reply that lists the replies, or one error. */
  runTransaction(commands: readonly Command[]): Promise<Answer>;
}

const MULTI: Command = { name: 'MULTI', args: [] };
const EXEC: Command = { name: 'EXEC', args: [] };
const BUSY: Answer = { kind: 'away', message: 'ERR too many calls wait for Redis' };
// What ioredis says of a call that it neither sent nor queued.
const NOT_SENT = "Stream isn't writeable";
// Redis answers these while it cannot serve, whatever the command was.
const NOT_SERVING = /^(?:LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /;

/**
 * Sends commands over one connection. Deadline: the connection's command timeout. Retries: none.
 * Redis away, silent or over `inFlightLimit` unanswered calls: `away`, at once.
 * Safe to repeat: only what the client knows to be.
 */
export function createCalls(redis: Redis, scripts: Scripts, inFlightLimit: number): Calls {
  let inFlight = 0;
  let isCorked = false;

  async function send(command: Command): Promise<Answer> {
    corkUntilEndOfTurn();
    inFlight += 1;
    try {
      // In upper case a command passes none of ioredis's transformers, which know the lower-case
      // names only and would make HGETALL an object; without an encoding, texts stay bytes.
      const request = new RedisCommand(command.name, [...command.args]);
      return { kind: 'reply', reply: await redis.sendCommand(request) };
    } catch (error) {
      return answerOf(error);
    } finally {
      inFlight -= 1;
    }
  }

  async function run(command: Command): Promise<Answer> {
    if (inFlight >= inFlightLimit) return BUSY;
    const { command: translated, answer } = scripts.translate(command);
    const sent = await send(translated);
    return sent.kind === 'reply' && answer !== undefined ? { kind: 'reply', reply: answer } : sent;
  }

  /** What is called in one turn of the event loop leaves in one write: a write costs more than a call. */
  function corkUntilEndOfTurn(): void {
    if (isCorked || redis.status !== 'ready') return;
    const stream = redis.stream;
    isCorked = true;
    stream.cork();
    setImmediate(() => {
      isCorked = false;
      stream.uncork();
    });
  }

  return {
    run,
    async runTransaction(commands) {
      if (inFlight >= inFlightLimit) return BUSY;
      const translations = commands.map((command) => scripts.translate(command));
      // Sent in one turn, so nothing of another caller can come between.
      const queued = [MULTI, ...translations.map(({ command }) => command)].map(send);
      const [executed, ...others] = await Promise.all([send(EXEC), ...queued]);
      if (executed.kind !== 'reply' || !Array.isArray(executed.reply)) return executed;
      const away = others.find((other) => other.kind === 'away');
      if (away) return away;
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

function answerOf(error: unknown): Answer {
  if (error instanceof ReplyError && error instanceof Error) {
    return { kind: NOT_SERVING.test(error.message) ? 'away' : 'error', message: error.message };
  }
  if (error instanceof Error && error.message.startsWith(NOT_SENT)) {
    return { kind: 'away', message: 'ERR Redis is away; nothing was sent' };
  }
  return { kind: 'away', message: 'ERR Redis did not answer; the outcome is unknown' };
}
