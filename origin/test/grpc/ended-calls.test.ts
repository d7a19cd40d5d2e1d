// Calls that end before their answer: cancelled in the middle, or past their deadline. Redis is
// stopped under them, so they are under way for as long as the test wants.
import { setTimeout as pause } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { status as codes } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inventoryKeys } from '../../../shared/keys.ts';
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus,
} from '../../../shared/proto/generated/grpc/health/v1/health_pb.ts';
import {
  SeckillService,
  SubmitResponse_State,
} from '../../../shared/proto/generated/seckill/v1/seckill_pb.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type OwnRedis, startOwnRedis } from '../redis/own-redis.ts';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { newOrderId, openSale, type Sale, SOON } from '../reserve/shop-front.ts';
import { type GrpcClient, openGrpcClient, refusalOf } from './grpc-client.ts';

const STOCK = 20;
/** Long before the origin itself gives up on Redis. */
const SHORT_MS = 150;
const method = SeckillService.method.submit;
let redis: OwnRedis;
let origin: EmbeddedOrigin;
let client: GrpcClient;
let reader: Redis;
let sale: Sale;
let sold = 0;
beforeAll(async () => {
  redis = await startOwnRedis();
  const { host, port } = redis;
  reader = connectRedis({ host, port, isCluster: false, name: 'test', commandTimeoutMs: 5_000 });
  await untilReady(reader, 5_000);
  origin = await startEmbeddedOrigin(redis);
  client = openGrpcClient(origin.grpcPort);
  sale = await openSale(origin.url, { stock: STOCK });
});
afterAll(async () => {
  client?.close();
  reader?.disconnect();
  await origin?.close();
  await redis?.stop();
});

async function whileRedisStands<Value>(work: () => Promise<Value>): Promise<Value> {
  redis.kill('SIGSTOP');
  try {
    return await work();
  } finally {
    redis.kill('SIGCONT');
  }
}

function callOf(userId: string) {
  const orderId = newOrderId(sale);
  const claims = { sub: userId, orderId, activityId: sale.activityId };
  return { method, request: { skuId: sale.skuId }, claims, orderId };
}

/** Asked again, the same order is there, once, whatever became of the call that ended. */
async function expectOneOrder({ orderId, ...call }: ReturnType<typeof callOf>): Promise<void> {
  sold += 1;
  await vi.waitFor(async () => {
    const answer = await client.ask(call);
    expect(answer).toMatchObject({ state: SubmitResponse_State.RESERVED, orderId });
  }, SOON);
  expect(await reader.get(inventoryKeys.stock(sale.skuId))).toBe(String(STOCK - sold));
}

it('a call that its client cancels in the middle ends, and did nothing twice', async () => {
  const call = callOf('carl');
  const refusal = await whileRedisStands(() => {
    const cancel = new AbortController();
    const asked = refusalOf(client.ask({ ...call, cancel: cancel.signal }));
    void pause(SHORT_MS).then(() => cancel.abort());
    return asked;
  });
  expect(refusal.code).toBe(codes.CANCELLED);
  await expectOneOrder(call);
});

it('a call past its deadline in the middle ends at once, and did nothing twice', async () => {
  const call = callOf('dora');
  const askedAt = performance.now();
  const refusal = await whileRedisStands(() =>
    refusalOf(client.ask({ ...call, deadlineMs: SHORT_MS })),
  );
  expect(refusal.code).toBe(codes.DEADLINE_EXCEEDED);
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(SHORT_MS - 5);
  await expectOneOrder(call);
});

it('a call that was late before it came does nothing', async () => {
  const call = callOf('lena');
  const refusal = await refusalOf(client.ask({ ...call, deadlineMs: -1 }));
  expect(refusal.code).toBe(codes.DEADLINE_EXCEEDED);
  await expectOneOrder(call);
});

it('a call that Redis never answers is told that nobody knows yet', async () => {
  const call = callOf('ida');
  const answer = await whileRedisStands(() => client.ask(call));
  expect(answer).toMatchObject({ state: SubmitResponse_State.CONFIRMING, orderId: call.orderId });
  await expectOneOrder(call);
});

it('health checks are told while the origin cannot sell, and when it can again', async () => {
  const request = create(HealthCheckRequestSchema, { service: SeckillService.typeName });
  const { check } = Health.method;
  const isServing = async () => (await client.ask({ method: check, request })).status;
  const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
  await expect.poll(isServing, SOON).toBe(SERVING);
  await whileRedisStands(async () => {
    await expect.poll(isServing, SOON).toBe(NOT_SERVING);
  });
  await expect.poll(isServing, SOON).toBe(SERVING);
});
