// `explain`: why layer 1 refused somebody, by the reference that the buyer was given.
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { edgeKeys } from '../../shared/keys.ts';
import { connectRedis, untilReady } from '../redis/connection.ts';
import type { RedisPlace } from '../redis/place.ts';
import { type Command, UsageError } from './command.ts';
import { DEV, findEdgeRedis, sourceOf } from './target.ts';

const READY_WITHIN_MS = 3_000;
const COMMAND_TIMEOUT_MS = 2_000;
/** As it is shown, and as it is heard on the phone. */
const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/;

const explanationSchema = v.object({
  at: v.number(),
  stage: v.picklist(['device', 'purchase']),
  skuId: v.optional(v.string()),
  level: v.picklist(['ordinary', 'strong']),
  score: v.number(),
  hits: v.array(v.object({ rule: v.string(), weight: v.number() })),
  /** What stood behind the hit `device` when its token was given. */
  deviceRules: v.optional(v.array(v.string()), []),
});
type Explanation = v.InferOutput<typeof explanationSchema>;

export const explain: Command = {
  name: 'explain',
  usage: 'explain <reference> [--dev]',
  about: [
    'Shows which rules stood against a refused buyer, the weightiest first.',
    '',
    'References are kept for seven days, without user, address or signals.',
    DEV,
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dev: { type: 'boolean' } },
    });
    const reference = (positionals[0] ?? '').toUpperCase();
    if (positionals.length !== 1 || !REFERENCE.test(reference)) {
      throw new UsageError('A reference like 7K3M-9QXA-41TZ is needed.');
    }
    const text = await read(findEdgeRedis(sourceOf(values)), reference);
    if (text === null) {
      output.fault(`Nothing is known of ${reference}: mistyped, or older than seven days.`);
      return 1;
    }
    const explanation = v.parse(explanationSchema, JSON.parse(text));
    output.result({ reference, ...explanation }, linesOf(explanation));
    return 0;
  },
};

async function read(place: RedisPlace, reference: string): Promise<string | null> {
  const redis = connectRedis({ ...place, name: 'cli', commandTimeoutMs: COMMAND_TIMEOUT_MS });
  try {
    await untilReady(redis, READY_WITHIN_MS);
    return await redis.get(edgeKeys.explanation(reference));
  } finally {
    redis.disconnect();
  }
}

function linesOf({ at, stage, skuId, level, score, hits, deviceRules }: Explanation): string[] {
  const where = skuId === undefined ? `the ${stage}` : `the ${stage} of ${skuId}`;
  return [
    `${new Date(at).toISOString()} · ${where} was refused · proof of work: ${level}`,
    `score ${score} of 100`,
    ...hits.flatMap(({ rule, weight }) => [
      `  ${String(weight).padStart(3)}  ${rule}`,
      ...(rule === 'device' ? deviceRules.map((name) => `         ${name}`) : []),
    ]),
  ];
}
