// Failure on demand, for drills: `PUT /switches` with the bearer token.
import * as v from 'valibot';

export const switchesSchema = v.strictObject({
  /** Sessions and refunds are answered 503. */
  away: v.optional(v.boolean(), false),
  /** Callbacks are never sent; what is paid stands in the gateway's books alone. */
  dropCallbacks: v.optional(v.boolean(), false),
  /** Each callback is sent twice, at the same moment. */
  duplicateCallbacks: v.optional(v.boolean(), false),
  /** Callbacks tell one minor unit too much. */
  wrongAmount: v.optional(v.boolean(), false),
  delayCallbacksMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)), 0),
});

export type Switches = v.InferOutput<typeof switchesSchema>;

export const NO_FAILURE: Switches = v.parse(switchesSchema, {});
