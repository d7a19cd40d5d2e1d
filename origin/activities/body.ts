// The body of a call that makes or replaces an activity, from bytes to terms.
import { type ActivityTermsResult, parseActivityTerms } from '../../shared/activity.ts';
import { type MalformedJson, parseJsonObject } from '../../shared/json.ts';

export type ActivityBodyResult = ActivityTermsResult | MalformedJson;

/** What is no JSON object is malformed; wrong members of one are invalid. */
export function parseActivityBody(body: unknown, createdAt: number): ActivityBodyResult {
  const text = decode(body);
  if (text === undefined)
    return { kind: 'malformed', detail: 'The body is not UTF-8.', errors: [] };
  const json = parseJsonObject(text);
  if (json.kind === 'malformed') return json;
  return parseActivityTerms(json.value, createdAt);
}

function decode(body: unknown): string | undefined {
  if (!(body instanceof Uint8Array)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
