// What an origin says of its load each second, for the leader that sets the line's speed.
import * as v from 'valibot';

const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(1e15));

const loadSchema = v.object({
  /** Epoch ms by the reporting instance. */
  at: amount,
  /** 99th percentile of how late the event loop was. */
  eventLoopMs: amount,
  /** 99th percentile of a reservation's answer from Redis. */
  reserveMs: amount,
  /** Events known to this instance that are not in the database yet. */
  backlog: amount,
  /** Purchases that it turned away because too many waited for an answer. */
  refused: amount,
});

export type Load = v.InferOutput<typeof loadSchema>;

/** undefined for a text of another form. */
export function parseLoad(text: string): Load | undefined {
  try {
    const result = v.safeParse(loadSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
