// The administrators' calls over HTTP.
import type { JsonValue } from '@bufbuild/protobuf';
import {
  type HttpAnswer,
  isObject,
  type JsonObject,
  type Mapping,
  segmentOf,
  textOf,
} from './http-call.ts';

const OWN_MEMBERS = ['activityId', 'state', 'sold', 'version', 'createdAt', 'updatedAt'];
const ALL = '/api/activities';
const oneOf = (request: JsonObject) => `${ALL}/${segmentOf(request.activityId)}`;

export const ACTIVITY_MAPPINGS: Readonly<Record<string, Mapping>> = {
  CreateActivity: {
    toHttp: ({ terms }) => ({ method: 'POST', path: ALL, body: termsBody(terms) }),
    fromHttp: activityOf,
  },
  GetActivity: {
    toHttp: (request) => ({ method: 'GET', path: oneOf(request) }),
    fromHttp: activityOf,
  },
  ListActivities: {
    toHttp: (request) => ({ method: 'GET', path: `${ALL}${queryOf(request)}` }),
    fromHttp: listOf,
  },
  UpdateActivity: {
    toHttp: (request) => ({
      method: 'PUT',
      path: oneOf(request),
      body: termsBody(request.terms),
      headers: ifMatch(request),
    }),
    fromHttp: activityOf,
  },
  DeleteActivity: {
    toHttp: (request) => ({ method: 'DELETE', path: oneOf(request), headers: ifMatch(request) }),
    fromHttp: () => ({}),
  },
  PauseActivity: turning('pause'),
  ResumeActivity: turning('resume'),
  EndActivity: turning('end'),
};

function turning(to: 'pause' | 'resume' | 'end'): Mapping {
  return {
    toHttp: (request) => ({ method: 'POST', path: `${oneOf(request)}/${to}`, body: {} }),
    fromHttp: activityOf,
  };
}

function ifMatch({ etag }: JsonObject): Record<string, string> {
  const tag = textOf(etag);
  return tag === '' ? {} : { 'if-match': tag };
}

function queryOf({ state, skuId, limit, cursor }: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ state, skuId, limit, cursor })) {
    if (typeof value === 'string' || typeof value === 'number') query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** 64-bit numbers are texts in the JSON of messages; a draw is an object or false over HTTP. */
function termsBody(terms: JsonValue | undefined): JsonObject {
  if (!isObject(terms)) return {};
  const { price, draw, ...rest } = terms;
  return {
    ...rest,
    ...(price === undefined ? {} : { price: Number(price) }),
    ...(isObject(draw) ? { draw: drawBody(draw) } : {}),
  };
}

function drawBody({ isHeld = false, ...draw }: JsonObject): JsonValue {
  return isHeld === true ? draw : false;
}

function activityOf(answer: JsonObject, headers: HttpAnswer['headers'] = {}): JsonObject {
  const { draw, ...members } = answer;
  const isOwn = (name: string) => OWN_MEMBERS.includes(name);
  const entries = Object.entries(members);
  const held = isObject(draw) ? { isHeld: true, ...draw } : { isHeld: false };
  const terms = Object.fromEntries(entries.filter(([name]) => !isOwn(name)));
  const own = Object.fromEntries(entries.filter(([name]) => isOwn(name)));
  // The tag of a listed activity is that of its version.
  const etag = typeof headers.etag === 'string' ? headers.etag : `"${String(own.version)}"`;
  return { ...own, etag, terms: { ...terms, draw: held } };
}

function listOf({ items, nextCursor }: JsonObject): JsonObject {
  const activities = Array.isArray(items) ? items.filter(isObject) : [];
  return {
    items: activities.map((item) => activityOf(item)),
    ...(typeof nextCursor === 'string' ? { nextCursor } : {}),
  };
}
