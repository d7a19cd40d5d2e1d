// JSON at the door: refuses what JSON.parse lets through but the contract does not, duplicate keys
// and deep nesting among them, so that no two parts can read one body differently.
import type { FieldError } from './field-error.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface MalformedJson {
  readonly kind: 'malformed';
  readonly detail: string;
  /** The members at fault, where the text can be read that far. */
  readonly errors: readonly FieldError[];
}
export type JsonResult = { readonly kind: 'json'; readonly value: JsonValue } | MalformedJson;
export type JsonObjectResult =
  | { readonly kind: 'object'; readonly value: { readonly [key: string]: JsonValue } }
  | MalformedJson;

const MAX_DEPTH = 16;
const malformed = (detail: string, errors: readonly FieldError[] = []): MalformedJson => ({
  kind: 'malformed',
  detail,
  errors,
});

/** Parses a body; an empty one counts as `{}`. */
export function parseJson(text: string): JsonResult {
  if (text.trim() === '') return { kind: 'json', value: {} };
  const fault = findFault(text);
  if (fault !== undefined) return fault;
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return malformed('The body is not valid JSON.');
  }
}

/** The same for calls whose body is an object, which is all of them. */
export function parseJsonObject(text: string): JsonObjectResult {
  const json = parseJson(text);
  if (json.kind === 'malformed') return json;
  const { value } = json;
  if (typeof value !== 'object' || value === null || isList(value)) {
    return malformed('The body is not a JSON object.');
  }
  return { kind: 'object', value };
}

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);

/** One pass over the text, before parsing: depth bounds the parser's stack, keys must be unique. */
function findFault(text: string): MalformedJson | undefined {
  const objects: (Set<string> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '{' || char === '[') {
      if (objects.length >= MAX_DEPTH) {
        return malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
      }
      objects.push(char === '{' ? new Set() : undefined);
    } else if (char === '}' || char === ']') {
      objects.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (isFollowedByColon(text, end)) {
        const key = unescapeKey(text.slice(at, end));
        const keys = objects.at(-1);
        if (key === undefined) return malformed('The body is not valid JSON.');
        const fault = faultOfKey(key, keys);
        if (fault !== undefined) {
          const pointer = `/${key.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
          const isTop = objects.length === 1;
          return malformed(fault, isTop ? [{ pointer, code: 'invalid', detail: fault }] : []);
        }
        keys?.add(key);
      }
      at = end;
      continue;
    }
    at += 1;
  }
  return undefined;
}

function faultOfKey(key: string, keys: ReadonlySet<string> | undefined): string | undefined {
  if (key === '__proto__') return 'The member "__proto__" is not allowed.';
  return keys?.has(key)
    ? `The member ${JSON.stringify(key.slice(0, 64))} stands twice.`
    : undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return text[at] === ':';
}

function unescapeKey(quoted: string): string | undefined {
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
