// The body of a call that makes or replaces an activity, from bytes to terms.
import { type ActivityTermsResult, parseActivityTerms } from '../../shared/activity.ts';
import { parseJson } from '../../shared/json.ts';

export type ActivityBodyResult =
  | ActivityTermsResult
  | { readonly kind: 'malformed'; readonly detail: string };

/** What is no JSON object is malformed; wrong members of one are invalid. */
export function parseActivityBody(body: unknown): ActivityBodyResult {
  const text = decode(body);
  if (text === undefined) return { kind: 'malformed', detail: 'The body is not UTF-8.' };
  const json = parseJson(text);
  if (json.kind === 'malformed') return json;
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    return { kind: 'malformed', detail: 'The body must be a JSON object.' };
  }
  return parseActivityTerms(json.value);
}

function decode(body: unknown): string | undefined {
  if (!(body instanceof Uint8Array)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
