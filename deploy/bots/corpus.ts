// Labelled traffic: one session a line. What a replay may see of it, and what only a report may.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';

const requestSchema = v.object({
  t: v.number(),
  ip: v.string(),
  asn: v.nullish(v.number(), null),
  as_org: v.nullish(v.string(), null),
  country: v.nullish(v.string(), null),
  http: v.nullish(v.string(), null),
  ja4: v.nullish(v.string(), null),
  action: v.picklist(['page', 'collect', 'ticket', 'buy', 'poll']),
  path: v.string(),
  headers: v.array(v.tuple([v.string(), v.string()])),
  ticket: v.nullish(v.string(), null),
});

const sessionSchema = v.object({
  t0: v.number(),
  session_id: v.string(),
  user_id: v.string(),
  label: v.nullish(v.picklist(['human', 'bot']), null),
  family: v.nullish(v.string(), null),
  /** For reports only, like label and family. */
  net: v.nullish(v.string(), null),
  device: v.nullish(v.record(v.string(), v.unknown()), null),
  input: v.nullish(v.record(v.string(), v.unknown()), null),
  requests: v.array(requestSchema),
});

const labelSchema = v.object({
  session_id: v.string(),
  label: v.picklist(['human', 'bot']),
  family: v.string(),
});

export type Session = v.InferOutput<typeof sessionSchema>;
export type SessionRequest = v.InferOutput<typeof requestSchema>;
export type Label = v.InferOutput<typeof labelSchema>;

/** The sessions of a corpus, plain or gzip, the first `limit` of them. */
export function readCorpus(file: string, limit = Number.POSITIVE_INFINITY): Session[] {
  return linesOf(file, limit).map((line) => v.parse(sessionSchema, line));
}

/** Labels by session: of a file of their own, or else those of the corpus. */
export function labelsOf(sessions: readonly Session[], file?: string): Map<string, Label> {
  if (file !== undefined) {
    const labels = linesOf(file).map((line) => v.parse(labelSchema, line));
    return new Map(labels.map((label) => [label.session_id, label]));
  }
  return new Map(
    sessions.flatMap(({ session_id, label, family }) =>
      label === null
        ? []
        : [[session_id, { session_id, label, family: family ?? 'unnamed' }] as const],
    ),
  );
}

function linesOf(file: string, limit = Number.POSITIVE_INFINITY): unknown[] {
  const bytes = readFileSync(file);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, limit).map((line) => JSON.parse(line));
}
