// The one way a refusal leaves the origin.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemAnswer } from '../shared/problem.ts';
import type { Refusal } from '../shared/refusal.ts';

export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  const { status, headers, body } = problemAnswer(refusal, request.id);
  // As bytes: to a text the server would add a charset, which JSON does not have.
  return reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(body)));
}
