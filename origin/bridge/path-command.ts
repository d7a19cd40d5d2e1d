import { type Argument, malformed, type Parsed } from './command.ts';

/**
 * The words of a path-style call: `POST /set/key?EX=10` with a body is `SET key <body> EX 10`.
 * Segments are split before they are decoded, so `%2F` stays part of a key; a parameter without
 * a value (`?NX`) is one word.
 */
export function wordsOfPath(url: string, body: Buffer | undefined): Parsed<readonly Argument[]> {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const words: Argument[] = [];
  try {
    for (const segment of path.slice(1).split('/')) words.push(decodeURIComponent(segment));
  } catch {
    return malformed('the path is not valid percent-encoding');
  }
  if (body !== undefined && body.length > 0) words.push(body);
  if (mark >= 0) {
    for (const [key, value] of new URLSearchParams(url.slice(mark + 1))) {
      words.push(key);
      if (value !== '') words.push(value);
    }
  }
  return { kind: 'ok', value: words };
}
