import { BoundedMap } from './bounded-map.ts';

/**
 * What a costly function without side effects gave for a text, for the texts asked for last; a
 * crowd repeats itself. Values are kept, never promises: those belong to one request. `undefined`
 * is not kept, or strangers' nonsense would drive out what is true.
 */
export function remembering<Value>(
  limit: number,
  compute: (text: string) => Promise<Value>,
): (text: string) => Promise<Value> | Value {
  const known = new BoundedMap<string, Value & {}>(limit);
  return function recall(text) {
    const found = known.get(text);
    return found === undefined ? learn(text) : found;
  };
  async function learn(text: string): Promise<Value> {
    const value = await compute(text);
    if (value !== undefined && value !== null) known.set(text, value);
    return value;
  }
}
