// What of the origin's answers reaches the client.
import { PROBLEM_CONTENT_TYPE } from '../../shared/problem.ts';
import type { PlaceFacts } from '../../shared/refusal.ts';
import { respond, respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import type { OriginAnswer } from './origin.ts';

type Answered = Extract<OriginAnswer, { kind: 'answer' }>;
export type JsonObject = Readonly<Record<string, unknown>>;

const PASSED_HEADERS = ['etag', 'location', 'retry-after'] as const;
const utf8 = new TextDecoder();

/** The body as a JSON object, or undefined when it is none. */
export function readObject({ body }: Answered): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A problem document of the origin, or undefined when the answer is none. */
export function readProblem(answer: Answered): JsonObject | undefined {
  if (!answer.headers.get('content-type')?.startsWith(PROBLEM_CONTENT_TYPE)) return undefined;
  const problem = readObject(answer);
  return typeof problem?.type === 'string' ? problem : undefined;
}

/** A success as it came. */
export function relay(answer: Answered, call: Call): Response {
  const { status, body } = answer;
  const headers = passedHeaders(answer.headers);
  if (status === 304 || status === 204) return respond(call, { status, headers, body: null });
  headers['content-type'] = 'application/json';
  return respond(call, { status, headers, body });
}

/** A problem with all its members; a 503 tells the place, so that the buyer keeps it. */
export function relayProblem(
  answer: Answered,
  { problem, call, place = {} }: { problem: JsonObject; call: Call; place?: PlaceFacts },
): Response {
  const { status } = answer;
  const isTemporary = status === 503;
  const headers = {
    ...(isTemporary ? { 'retry-after': '1' } : {}),
    ...passedHeaders(answer.headers),
    'content-type': PROBLEM_CONTENT_TYPE,
  };
  const body = { ...problem, ...(isTemporary ? place : {}), instance: call.requestId };
  return respondJson(call, { status, headers, body });
}

function passedHeaders(headers: Headers): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers.get(name);
    if (value !== null) passed[name] = value;
  }
  return passed;
}
