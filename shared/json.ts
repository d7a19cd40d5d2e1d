// JSON at the door: refuses what JSON.parse lets through but the contract does not, duplicate keys
// and deep nesting among them, so that no two parts can read one body differently.

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonResult =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'malformed'; readonly detail: string };

const MAX_DEPTH = 16;
const malformed = (detail: string): JsonResult => ({ kind: 'malformed', detail });

/** Parses a body; an empty one counts as `{}`. */
export function parseJson(text: string): JsonResult {
  if (text.trim() === '') return { kind: 'json', value: {} };
  const fault = findFault(text);
  if (fault !== undefined) return malformed(fault);
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return malformed('The body is not valid JSON.');
  }
}

/** One pass over the text, before parsing: depth bounds the parser's stack, keys must be unique. */
function findFault(text: string): string | undefined {
  const objects: (Set<string> | undefined)[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '{' || char === '[') {
      if (objects.length >= MAX_DEPTH) return `The body is nested deeper than ${MAX_DEPTH} levels.`;
      objects.push(char === '{' ? new Set() : undefined);
    } else if (char === '}' || char === ']') {
      objects.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (isFollowedByColon(text, end)) {
        const key = unescapeKey(text.slice(at, end));
        const keys = objects.at(-1);
        if (key === undefined) return 'The body is not valid JSON.';
        if (key === '__proto__') return 'The member "__proto__" is not allowed.';
        if (keys?.has(key)) return `The member ${JSON.stringify(key)} stands twice.`;
        keys?.add(key);
      }
      at = end;
      continue;
    }
    at += 1;
  }
  return undefined;
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
