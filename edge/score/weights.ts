// The one table of rules and weights. A weight is points of 100 that the rule takes of what is left.
// Beside each: why a person seldom does that.

export const WEIGHTS = {
  /** The collector was blocked, or there is no JavaScript: people do that too. */
  'no-device': 20,
} as const;

export type Rule = keyof typeof WEIGHTS;
