// A request as judgements see it: its headers, and what Cloudflare adds to it.
import * as v from 'valibot';
import type { Call } from './call.ts';
import type { RequestFacts } from './score/evidence.ts';

const text = v.fallback(v.nullable(v.string()), null);
const number = v.fallback(v.nullable(v.number()), null);
const schema = v.fallback(
  v.object({
    asn: v.optional(number, null),
    asOrganization: v.optional(text, null),
    country: v.optional(text, null),
    httpProtocol: v.optional(text, null),
    botManagement: v.optional(
      v.fallback(
        v.nullable(v.object({ score: v.optional(number, null), ja4: v.optional(text, null) })),
        null,
      ),
      null,
    ),
  }),
  { asn: null, asOrganization: null, country: null, httpProtocol: null, botManagement: null },
);

/** Locally `request.cf` is missing or a placeholder; nothing may depend on it. */
export function requestFactsOf({ request, network }: Call): RequestFacts {
  return { headers: new Map(request.headers), network, ...v.parse(schema, request.cf ?? {}) };
}
