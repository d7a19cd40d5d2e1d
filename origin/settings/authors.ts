// Who set a live setting stands beside it, with the text that it was given: an author of another
// text than the one that stands is not its author.
import * as v from 'valibot';
import type { Author, SettingTexts } from './live-settings.ts';

const MAX_BY = 128;

const signedSchema = v.object({
  by: v.pipe(v.string(), v.maxLength(MAX_BY)),
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Null: the default. */
  text: v.nullable(v.string()),
});

export const signedText = ({ by, at }: Author, text: string | undefined): string =>
  JSON.stringify({ by: by.slice(0, MAX_BY), at, text: text ?? null });

/** `signed`: what `signedText` made, by name. */
export function authorsOf(texts: SettingTexts, signed: SettingTexts): ReadonlyMap<string, Author> {
  const authors = new Map<string, Author>();
  for (const [name, made] of signed) {
    const known = parseSigned(made);
    if (known === undefined || known.text !== (texts.get(name) ?? null)) continue;
    authors.set(name, { by: known.by, at: known.at });
  }
  return authors;
}

function parseSigned(text: string): v.InferOutput<typeof signedSchema> | undefined {
  try {
    const parsed = v.safeParse(signedSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
