// Requests to an operation, valid and hostile, drawn from its own schemas.
import fc from 'fast-check';
import { jsonSchema } from '../../origin/openapi/document.ts';
import type { Operation } from '../../origin/openapi/operation.ts';
import { hostileBodies } from '../crowd/hostile-bodies.ts';

export interface Known {
  readonly skuIds: readonly string[];
  readonly orderIds: readonly string[];
  readonly activityIds: readonly string[];
  readonly tickets: readonly string[];
  readonly tokens: { readonly buyer: string; readonly admin: string };
}

export interface DrawnRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const HOSTILE_PARTS = [
  '..',
  '%00',
  "';--",
  'ä',
  'x'.repeat(300),
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  '{}',
];
const TAGS = ['"1"', '"2"', '*', 'W/"1"', 'x', ''];
const TYPES = [...Array<string>(8).fill('application/json'), 'text/plain', 'a/b'];

/** By the pattern that a text must match, or nothing in particular. */
const SPREAD = 60;
const TEXTS: readonly (readonly [RegExp, fc.Arbitrary<string>])[] = [
  [
    /^\^\\d\{4\}/,
    fc.constantFrom('2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '2099-12-31T23:59:59+01:00'),
  ],
  [/\[A-Z\]\{3\}/, fc.constantFrom('EUR', 'USD')],
];

export function requestsTo(operation: Operation, known: Known): fc.Arbitrary<DrawnRequest> {
  const { body, headers = {} } = operation;
  const bodies: fc.Arbitrary<string | undefined> =
    body === undefined
      ? fc.constantFrom(undefined, undefined, 'x')
      : fc.oneof(
          {
            weight: 4,
            arbitrary: valuesOf(jsonSchema(body)).map((value) => JSON.stringify(value)),
          },
          { weight: 2, arbitrary: spoilt(valuesOf(jsonSchema(body))) },
          { weight: 2, arbitrary: fc.constantFrom('', '{}') },
          { weight: 1, arbitrary: fc.constantFrom(...hostileBodies) },
          { weight: 1, arbitrary: fc.json() },
        );
  const named = Object.keys(headers).map((name) => [name.toLowerCase(), headerOf(name)] as const);
  return fc.record({
    path: pathsOf(operation, known),
    body: bodies,
    headers: fc
      .record({ ...Object.fromEntries(named), authorization: credentials(operation, known) })
      .chain((all) => fc.constantFrom(...TYPES).map((type) => ({ ...all, 'content-type': type })))
      .map(withoutGaps),
  });
}

function headerOf(name: string): fc.Arbitrary<string | undefined> {
  return /^if-/i.test(name)
    ? fc.constantFrom(undefined, ...TAGS)
    : fc.constantFrom(undefined, '', 'x', 'x'.repeat(600));
}

const withoutGaps = (headers: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

function credentials({ who }: Operation, { tokens }: Known): fc.Arbitrary<string | undefined> {
  const own = `Bearer ${who === 'admin' ? tokens.admin : tokens.buyer}`;
  const wrong = [undefined, 'Bearer x', `Bearer ${tokens.buyer}`, `Bearer ${tokens.admin}`];
  return fc.oneof({ weight: 6, arbitrary: fc.constant(own) }, fc.constantFrom(...wrong));
}

function pathsOf({ path, query = {} }: Operation, known: Known): fc.Arbitrary<string> {
  const lists: Readonly<Record<string, readonly string[]>> = {
    ...{ skuId: known.skuIds, orderId: known.orderIds, activityId: known.activityIds },
    ticket: known.tickets,
  };
  const name = /\{(\w+)\}/.exec(path)?.[1];
  const right = lists[name ?? ''] ?? [];
  const parts =
    name === undefined
      ? fc.constant('')
      : fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom('x', ...right) },
          fc.constantFrom(...HOSTILE_PARTS).map(encodeURIComponent),
        );
  const values = Object.entries(query).map(([key, schema]) =>
    fc
      .oneof(valuesOf(jsonSchema(schema)), fc.constantFrom('', 'x', '-1', '1e9', 'ä'))
      .map((value) => [key, String(value)] as const),
  );
  const queries = fc.tuple(...values).chain((all) => fc.subarray(all));
  return fc.tuple(parts, queries).map(([part, given]) => {
    const search =
      given.length === 0
        ? ''
        : `?${new URLSearchParams(given.map(([key, value]) => [key, value]))}`;
    return path.replace(/\{\w+\}/, part) + search;
  });
}

/** One member is changed into what it should not be, or added. */
function spoilt(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.tuple(values, fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([value, at, wrong]) => {
    const members = Object.entries(Object(value));
    const name = members.length === 0 ? 'more' : (members[at % members.length]?.[0] ?? 'more');
    return JSON.stringify({ ...Object(value), [at % 7 === 0 ? 'more' : name]: wrong });
  });
}

/** Values that a JSON Schema takes, as far as these schemas go. */
function valuesOf(schema: unknown): fc.Arbitrary<unknown> {
  const { type, properties, required, items, prefixItems, anyOf, pattern, ...rest } = {
    ...Object(schema),
  };
  if (rest.const !== undefined) return fc.constant(rest.const);
  if (Array.isArray(rest.enum)) return fc.constantFrom(...rest.enum);
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(valuesOf));
  if (Array.isArray(prefixItems)) return fc.tuple(...prefixItems.map(valuesOf));
  switch (type) {
    case 'object': {
      const members = Object.entries(Object(properties)).map(
        ([name, one]) => [name, valuesOf(one)] as const,
      );
      const requiredKeys: string[] = Array.isArray(required) ? required.map(String) : [];
      return fc.record(Object.fromEntries(members), { requiredKeys });
    }
    case 'array':
      return fc.array(valuesOf(items), { maxLength: 3 });
    case 'integer':
    case 'number': {
      const min = Number(rest.minimum ?? 0);
      return fc.integer({ min, max: Math.min(Number(rest.maximum ?? 1_000), min + SPREAD) });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default: {
      const found = TEXTS.find(([of]) => of.test(String(pattern ?? '')));
      return (
        found?.[1] ??
        fc.string({ unit: fc.constantFrom(...'abcXYZ019_'), minLength: 1, maxLength: 12 })
      );
    }
  }
}
