// What a line may expect, as its leader knows it: the numbers that waits and chances are told from.
import * as v from 'valibot';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const moment = v.pipe(v.number(), v.safeInteger());

export const outlookSchema = v.object({
  /** Virtual ms in a real ms while units last, as the last minutes went; 0 while the clock stands. */
  pace: v.pipe(v.number(), v.minValue(0)),
  /** By which share the pace differs from that, in 19 of 20 waits. */
  paceSpread: v.pipe(v.number(), v.minValue(0)),
  /** Virtual ms up to which the units now free reach, as far as anyone can tell. */
  reach: moment,
  /** Units free now, less those that called people are still expected to take; may be below zero. */
  freeUnits: v.number(),
  /** Share of called people who come, and its standard error. */
  comeShare: share,
  comeShareError: share,
  /** Share of unpaid orders whose units return, and its standard error. */
  returnShare: share,
  returnShareError: share,
});

export type Outlook = v.InferOutput<typeof outlookSchema>;
