// From what came of a call to the status and JSON that Upstash's clients read.
import type { Answer } from './calls.ts';
import type { Refusal } from './command.ts';

export interface HttpAnswer {
  readonly status: number;
  /** `{result}`, `{error}` or a list of these. */
  readonly body: unknown;
}

/** How texts of Redis are written in JSON; base64 keeps bytes that are not UTF-8. */
export type Encoding = 'plain' | 'base64';

type Item = { readonly result: unknown } | { readonly error: string };

export function answerOne(answer: Answer, encoding: Encoding): HttpAnswer {
  switch (answer.kind) {
    case 'reply':
      return { status: 200, body: itemOfReply(answer.reply, encoding) };
    case 'error':
      return { status: 400, body: { error: answer.message } };
    case 'away':
    case 'part-away':
      return { status: 503, body: { error: answer.message } };
  }
}

/**
 * The answers of a pipeline; where one is missing, nobody may take the others for the whole. In a
 * cluster the keys of a server that is away are an error each, and the others go on.
 */
export function answerMany(answers: readonly Answer[], encoding: Encoding): HttpAnswer {
  const away = answers.find((answer) => answer.kind === 'away');
  if (away) return answerOne(away, encoding);
  return { status: 200, body: answers.map((answer) => itemOf(answer, encoding)) };
}

/** A transaction's one answer, whose reply lists the replies; an error may be one of them. */
export function answerTransaction(answer: Answer, encoding: Encoding): HttpAnswer {
  if (answer.kind !== 'reply' || !Array.isArray(answer.reply)) return answerOne(answer, encoding);
  const replies: unknown[] = answer.reply;
  return { status: 200, body: replies.map((reply) => itemOfReply(reply, encoding)) };
}

export function answerRefusal(refusal: Refusal): HttpAnswer {
  return { status: refusal.kind === 'too-large' ? 413 : 400, body: { error: errorOf(refusal) } };
}

export function errorOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'malformed':
    case 'too-large':
      return `ERR ${refusal.detail}`;
    case 'not-allowed':
      return 'ERR command not allowed';
  }
}

function itemOf(answer: Answer, encoding: Encoding): Item {
  return answer.kind === 'reply' ? itemOfReply(answer.reply, encoding) : { error: answer.message };
}

const OK = Buffer.from('OK');

function itemOfReply(reply: unknown, encoding: Encoding): Item {
  if (reply instanceof Error) return { error: reply.message };
  // Clients take a result that reads OK as it is, and decode every other text.
  if (Buffer.isBuffer(reply) && reply.equals(OK)) return { result: 'OK' };
  return { result: encoded(reply, encoding) };
}

function encoded(reply: unknown, encoding: Encoding): unknown {
  if (Array.isArray(reply)) return reply.map((element: unknown) => encoded(element, encoding));
  if (Buffer.isBuffer(reply)) return reply.toString(encoding === 'base64' ? 'base64' : 'utf8');
  if (typeof reply === 'string') return encoded(Buffer.from(reply), encoding);
  if (reply instanceof Error) return encoded(Buffer.from(reply.message), encoding);
  return reply;
}
