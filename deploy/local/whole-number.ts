// A count that somebody typed behind a flag.

/** Throws a sentence for whoever typed it. */
export function wholeNumber(flag: {
  readonly name: string;
  readonly text: string;
  readonly least: number;
  readonly most: number;
}): number {
  const { name, text, least, most } = flag;
  const value = Number(text);
  if (/^\d{1,12}$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`);
}
