// What passes between the rush and its origins: one line of JSON each way.
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const assignmentSchema = v.object({
  redis: v.object({ host: v.string(), port: count }),
  sale: v.object({ activityId: v.string(), skuId: v.string(), runId: v.string() }),
  crowd: v.object({ seed: count, users: count, moment: v.string() }),
  attempts: count,
  /** This one takes every `origins`-th attempt, from `origin` on. */
  origin: count,
  origins: count,
});

const toldSchema = v.object({
  /** Milliseconds by the clock of the machine. */
  beganAt: v.number(),
  endedAt: v.number(),
  /** When the last unit was sold, as far as this origin knows. */
  lastSoldAt: v.number(),
  /** How often each answer was given. */
  answers: v.record(v.string(), count),
  /** Ulids that were answered `reserved`, a repeated one as often as it was. */
  reserved: v.array(v.string()),
  /** Facts of each order that this origin was told, by ulid; several where answers differed. */
  facts: v.record(v.string(), v.array(v.string())),
});

export type Assignment = v.InferOutput<typeof assignmentSchema>;
export type Told = v.InferOutput<typeof toldSchema>;

export const parseAssignment = (text: string): Assignment =>
  v.parse(v.pipe(v.string(), v.parseJson(), assignmentSchema), text);
export const parseTold = (text: string): Told =>
  v.parse(v.pipe(v.string(), v.parseJson(), toldSchema), text);
