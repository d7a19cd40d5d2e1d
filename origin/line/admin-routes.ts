// The operator's view of a line, and the pin of its speed:
// GET /api/admin/lines/{skuId}, PUT and DELETE /api/admin/lines/{skuId}/pin.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { virtualTime } from '../../shared/clock.ts';
import { edgeKeys } from '../../shared/keys.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import { readBody } from '../orders/body.ts';
import type { Redis } from '../redis/client.ts';
import { sendRefusal } from '../reply.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { waitingAt } from './bucket-facts.ts';
import { parseCallLog } from './calls/call-log.ts';
import { readLoads } from './health/report-load.ts';
import { FASTEST, SLOWEST } from './health/speed-loop.ts';
import { readLines } from './stored-line.ts';

export interface LineAdminOptions {
  readonly store: Pick<Store, 'pinSpeed'>;
  readonly registry: Pick<ActivityRegistry, 'current' | 'refresh'>;
  readonly edgeRedis: Redis;
  readonly log: Log;
  /** Hears of a pin, so that nothing waits for the next round. */
  readonly onPinned: () => void;
}

type Params = { readonly Params: { readonly skuId: string } };

const pinSchema = v.strictObject({
  speed: v.pipe(v.number(), v.minValue(SLOWEST), v.maxValue(FASTEST)),
});
const RETRY_AFTER_SECONDS = 1;

export function registerLineAdminRoutes(app: FastifyInstance, options: LineAdminOptions): void {
  app.get<Params>('/api/admin/lines/:skuId', (request, reply) =>
    withLine(options, request, reply, async (row) => reply.send(await lineView(options, row))),
  );
  app.put<Params>('/api/admin/lines/:skuId/pin', (request, reply) =>
    withLine(options, request, reply, async (row) => {
      const body = readBody(request, pinSchema);
      if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
      return pin(options, request, reply, { row, speed: body.value.speed });
    }),
  );
  app.delete<Params>('/api/admin/lines/:skuId/pin', (request, reply) =>
    withLine(options, request, reply, (row) => pin(options, request, reply, { row, speed: null })),
  );
}

/** Safe to repeat; a database or Redis that is away changes nothing. */
async function withLine(
  { registry }: LineAdminOptions,
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  work: (row: ActivityRow) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  if (request.caller.role !== 'admin') return sendRefusal(request, reply, { kind: 'forbidden' });
  const row = registry.current(request.params.skuId);
  if (row === undefined) return sendRefusal(request, reply, { kind: 'unknown-sku' });
  try {
    return await work(row);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
    return sendRefusal(request, reply, refusal);
  }
}

async function pin(
  { store, registry, log, onPinned }: LineAdminOptions,
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  { row, speed }: { readonly row: ActivityRow; readonly speed: number | null },
): Promise<FastifyReply> {
  const { activityId, skuId } = row;
  const answer = await store.pinSpeed({ activityId, speed });
  if (answer.kind === 'unknown') return sendRefusal(request, reply, { kind: 'unknown-sku' });
  log.info({ activityId, skuId, speed, by: request.caller.sub }, 'the speed of a line was pinned');
  await registry.refresh();
  onPinned();
  return reply.send({ skuId, activityId, pinnedTo: speed });
}

async function lineView({ edgeRedis }: LineAdminOptions, row: ActivityRow) {
  const { skuId, activityId } = row;
  const { nowMs, lines } = await readLines(edgeRedis, [
    { skuId, withCame: false, withCallLog: true },
  ]);
  const [line] = lines;
  const reason = await edgeRedis.hget(edgeKeys.lineClock(skuId), 'reason');
  const clock = line?.clock?.activityId === activityId ? line.clock : undefined;
  const log = parseCallLog(line?.callLog);
  const virtualMs = clock === undefined ? 0 : virtualTime(clock, nowMs);
  return {
    ...{ skuId, activityId, pinnedTo: row.speedPin, speed: clock?.speed ?? null, reason },
    ...{ virtualMs, virtualUntil: clock?.virtualUntil ?? null, term: clock?.term ?? null },
    waiting: line?.bucket === undefined ? 0 : waitingAt(line.bucket, row, virtualMs),
    called: log?.total ?? 0,
    came: log?.totalCame ?? 0,
    origins: await readLoads(edgeRedis, nowMs),
  };
}
