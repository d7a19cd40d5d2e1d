// A refusal as a person reads it in a terminal.
import * as v from 'valibot';

const problemSchema = v.looseObject({
  type: v.string(),
  detail: v.string(),
  instance: v.optional(v.string()),
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() })), []),
});
const SAID_ALREADY = ['type', 'title', 'status', 'detail', 'instance', 'errors'];

/** `409 below-sold: …`, the fields at fault, further facts, and the request to look for in logs. */
export function problemLines(status: number, text: string): string {
  const parsed = v.safeParse(problemSchema, parse(text));
  if (!parsed.success) return `${status} ${text}`.trim();
  const { type, detail, errors, instance } = parsed.output;
  const facts = Object.entries(parsed.output).filter(([name]) => !SAID_ALREADY.includes(name));
  return [
    `${status} ${type.replace('/problems/', '')}: ${detail}`,
    ...errors.map(({ pointer, detail }) => `  ${pointer || 'the whole'}: ${detail}`),
    ...facts.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    ...(instance === undefined ? [] : [`  request ${instance}`]),
  ].join('\n');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
