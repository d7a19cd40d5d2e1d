import { BoundedMap } from '../bounded-map.ts';

const MOST = 2_000;
const LONGEST = 512;

/**
 * A reading that depends on its text alone, kept for the next who sends the same: browsers and
 * networks are few, requests are many. No browser sends more than 512 characters of anything that
 * is read here, so what is longer is cut: no text can make its reading, or the memory, expensive.
 */
export function remembered<Value extends object | string | boolean | null>(
  read: (text: string) => Value,
): (text: string) => Value {
  const known = new BoundedMap<string, Value>(MOST);
  return function readOnce(text) {
    const cut = text.length > LONGEST ? text.slice(0, LONGEST) : text;
    const found = known.get(cut);
    if (found !== undefined) return found;
    const value = read(cut);
    known.set(cut, value);
    return value;
  };
}
