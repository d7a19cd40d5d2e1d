import { BoundedMap } from '../bounded-map.ts';

const MOST = 2_000;
const LONGEST = 512;

/**
 * A reading that depends on its text alone, kept for the next who sends the same: browsers and
 * networks are few, requests are many. Only while texts are short; the oldest go first.
 */
export function remembered<Value extends object | string | number | boolean | null>(
  read: (text: string) => Value,
): (text: string) => Value {
  const known = new BoundedMap<string, Value>(MOST);
  return function readOnce(text) {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = read(text);
    if (text.length <= LONGEST) known.set(text, value);
    return value;
  };
}
