// Calls that the origin answers by itself: the edge adds who is calling, and its signature.
import { refuse } from '../answer.ts';
import type { Call } from '../call.ts';
import type { AskOrigin, Errand } from './origin.ts';
import { readProblem, relay, relayProblem } from './relay.ts';

const SUCCESSES: ReadonlySet<number> = new Set([200, 201, 204, 304]);

/** Everything that is neither a success nor a problem of the caller's is 503 here. */
export async function askAndRelay(
  askOrigin: AskOrigin,
  errand: Errand,
  call: Call,
): Promise<Response> {
  const answer = await askOrigin(errand, call);
  if (answer.kind === 'lost') return refuse(call, { kind: 'unavailable', retryAfterSeconds: 1 });
  if (SUCCESSES.has(answer.status)) return relay(answer, call);
  const problem = readProblem(answer);
  if (problem !== undefined && (isForCaller(answer.status) || isWebhook(problem))) {
    return relayProblem(answer, { problem, call });
  }
  call.log({ event: 'origin answered oddly', level: 'error', detail: answer.status });
  return refuse(call, { kind: 'unavailable', retryAfterSeconds: 1 });
}

const isWebhook = ({ type }: { readonly type?: unknown }): boolean =>
  type === '/problems/signature-invalid';

/** The edge has checked who is calling: a 401 is about its own signature. */
export const isForCaller = (status: number): boolean =>
  status === 503 || (status >= 400 && status < 500 && status !== 401);
