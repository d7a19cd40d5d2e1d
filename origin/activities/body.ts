// Bodies of calls about activities, from bytes to what they say.
import {
  type ActivityTermsResult,
  parseActivityTerms,
  type TermsContext,
} from '../../shared/activity.ts';
import { type JsonObjectResult, type MalformedJson, parseJsonObject } from '../../shared/json.ts';

export type ActivityBodyResult = ActivityTermsResult | MalformedJson;

/** What is no JSON object is malformed; wrong members of one are invalid. */
export function parseActivityBody(body: unknown, context: TermsContext): ActivityBodyResult {
  const json = parseObject(body);
  return json.kind === 'malformed' ? json : parseActivityTerms(json.value, context);
}

/** The body as an object, before anything is known of its members. */
export function parseObject(body: unknown): JsonObjectResult {
  const text = decode(body);
  if (text === undefined)
    return { kind: 'malformed', detail: 'The body is not UTF-8.', errors: [] };
  return parseJsonObject(text);
}

/** What is wrong with the body of a call that has nothing to say. */
export function faultOfEmptyBody(body: unknown): MalformedJson | undefined {
  const json = parseObject(body);
  if (json.kind === 'malformed') return json;
  const [member] = Object.keys(json.value);
  if (member === undefined) return undefined;
  const pointer = `/${member.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const error = { pointer, code: 'unknown', detail: 'This member is not known here.' } as const;
  return { kind: 'malformed', detail: 'This call has an empty body.', errors: [error] };
}

function decode(body: unknown): string | undefined {
  if (!(body instanceof Uint8Array)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
