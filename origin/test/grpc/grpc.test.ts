// The gRPC API of one origin: same answers and refusals as over HTTP, in gRPC's own words.
import { once } from 'node:events';
import { status as codes } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  Activity_State,
  ActivityService,
} from '../../../shared/proto/generated/seckill/v1/activity_pb.ts';
import {
  Order_Status,
  SeckillService,
  SubmitResponse_State,
} from '../../../shared/proto/generated/seckill/v1/seckill_pb.ts';
import { mintToken } from '../../cli/mint.ts';
import {
  type EmbeddedOrigin,
  JWT_SECRET,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { ADMIN, newOrderId, newSkuId, openSale, type Sale } from '../reserve/shop-front.ts';
import { type GrpcClient, openGrpcClient, refusalOf } from './grpc-client.ts';

const { submit, status, cancel } = SeckillService.method;
const calls = ActivityService.method;

let origin: EmbeddedOrigin;
let client: GrpcClient;
let sale: Sale;
beforeAll(async () => {
  origin = await startEmbeddedOrigin();
  client = openGrpcClient(origin.grpcPort);
  sale = await openSale(origin.url, { stock: 20 });
});
afterAll(async () => {
  client?.close();
  await origin?.close();
});

function buyer(userId: string, orderId = newOrderId(sale)) {
  return { claims: { sub: userId, orderId, activityId: sale.activityId }, orderId };
}

it('sells, tells the order, and cancels it', async () => {
  const { claims, orderId } = buyer('eve');
  const request = { skuId: sale.skuId, quantity: 1 };
  const bought = await client.ask({ method: submit, request, claims });
  expect(bought).toMatchObject({
    ...{ state: SubmitResponse_State.RESERVED, status: Order_Status.PENDING },
    ...{ orderId, skuId: sale.skuId, quantity: 1, amount: 2_500n, currency: 'EUR' },
  });
  expect(bought.receipt).not.toBe('');
  expect(Number(bought.payBy?.seconds)).toBeGreaterThan(Date.now() / 1_000);
  const again = await client.ask({ method: submit, request, claims });
  expect(again).toMatchObject({ orderId, state: SubmitResponse_State.RESERVED });
  const owner = { sub: 'eve' };
  expect(await client.ask({ method: status, request: { orderId }, claims: owner })).toMatchObject({
    ...{ orderId, status: Order_Status.PENDING, amount: 2_500n },
  });
  await expect
    .poll(
      async () =>
        (await client.ask({ method: cancel, request: { orderId }, claims: owner })).status,
      { timeout: 10_000 },
    )
    .toBe(Order_Status.CANCELLED);
});

it('tells an order to its owner and to administrators only', async () => {
  const { claims, orderId } = buyer('olga');
  await client.ask({ method: submit, request: { skuId: sale.skuId }, claims });
  const request = { orderId };
  const token = await mintToken({ sub: 'ada', role: 'admin' }, JWT_SECRET);
  expect(await client.ask({ method: status, request, token })).toMatchObject({ orderId });
  const stranger = await refusalOf(client.ask({ method: status, request, claims: { sub: 'eve' } }));
  expect(stranger).toMatchObject({ code: codes.NOT_FOUND, reason: 'UNKNOWN_ORDER' });
});

it('refuses whom the edge has not signed, another message than the signed, and users’ tokens', async () => {
  const { claims } = buyer('mallory');
  const request = { skuId: sale.skuId };
  const refused = { code: codes.UNAUTHENTICATED, reason: 'EDGE_SIGNATURE' };
  expect(await refusalOf(client.ask({ method: submit, request }))).toMatchObject(refused);
  const signedBytes = new Uint8Array([10, 1, 65]);
  expect(
    await refusalOf(client.ask({ method: submit, request, claims, signedBytes })),
  ).toMatchObject(refused);
  const token = await mintToken({ sub: 'eve' }, JWT_SECRET);
  const list = client.ask({ method: calls.listActivities, request: {}, token });
  expect(await refusalOf(list)).toMatchObject({
    ...{ code: codes.PERMISSION_DENIED, reason: 'FORBIDDEN' },
  });
  expect(await refusalOf(client.ask({ method: submit, request, token }))).toMatchObject(refused);
});

it('refuses in canonical codes with details', async () => {
  const { claims } = buyer('greta');
  const over = { skuId: sale.skuId, quantity: 2 };
  expect(await refusalOf(client.ask({ method: submit, request: over, claims }))).toMatchObject({
    ...{ code: codes.RESOURCE_EXHAUSTED, reason: 'LIMIT_REACHED' },
    metadata: { limit: '1', orders: '[]' },
  });
  const many = { skuId: sale.skuId, quantity: 101 };
  expect(await refusalOf(client.ask({ method: submit, request: many, claims }))).toMatchObject({
    ...{ code: codes.INVALID_ARGUMENT, reason: 'MALFORMED', fields: ['quantity'] },
  });
  const sentBytes = new Uint8Array([255, 255, 255]);
  expect(
    await refusalOf(client.ask({ method: submit, request: {}, claims, sentBytes })),
  ).toMatchObject({ code: codes.INVALID_ARGUMENT, reason: 'MALFORMED' });
  for (const orderId of ['', '..', '../..', 'x/y', `${'x'.repeat(300)}`]) {
    const refusal = await refusalOf(
      client.ask({ method: status, request: { orderId }, claims: ADMIN }),
    );
    expect(refusal.code).toBe(codes.NOT_FOUND);
  }
});

it('says when to come again', async () => {
  const held = await openSale(origin.url);
  const request = { activityId: held.activityId };
  await client.ask({ method: calls.pauseActivity, request, claims: ADMIN });
  const claims = { sub: 'ivy', orderId: newOrderId(held), activityId: held.activityId };
  const asked = client.ask({ method: submit, request: { skuId: held.skuId }, claims });
  expect(await refusalOf(asked)).toMatchObject({
    ...{ code: codes.UNAVAILABLE, reason: 'PAUSED', retrySeconds: expect.any(Number) },
  });
});

it('creates, lists, changes, pauses, resumes, ends and deletes activities', async () => {
  const claims = ADMIN;
  const at = (ms: number) => ({ seconds: BigInt(Math.floor((Date.now() + ms) / 1_000)) });
  const terms = {
    ...{
      skuId: newSkuId(),
      stock: 5,
      price: 1_000_000_000_000n,
      capacity: 1,
      draw: { isHeld: false },
    },
    ...{ startAt: at(3_600_000), endAt: at(7_200_000) },
  };
  const made = await client.ask({ method: calls.createActivity, request: { terms }, claims });
  const { activityId, etag } = made;
  expect(made).toMatchObject({
    state: Activity_State.SCHEDULED,
    terms: { skuId: terms.skuId, price: 1_000_000_000_000n, draw: { isHeld: false } },
  });
  const request = { activityId };
  expect(await client.ask({ method: calls.getActivity, request, claims })).toEqual(made);
  const listed = { skuId: terms.skuId, limit: 1 };
  const { items } = await client.ask({ method: calls.listActivities, request: listed, claims });
  expect(items).toEqual([made]);

  const changed = { ...terms, title: 'Lamp' };
  const update = { method: calls.updateActivity, claims } as const;
  expect(
    await refusalOf(client.ask({ ...update, request: { activityId, terms: changed } })),
  ).toMatchObject({ code: codes.FAILED_PRECONDITION, reason: 'IF_MATCH_REQUIRED' });
  const next = await client.ask({ ...update, request: { activityId, etag, terms: changed } });
  expect(next.terms?.title).toBe('Lamp');
  expect(
    await refusalOf(client.ask({ ...update, request: { activityId, etag, terms } })),
  ).toMatchObject({ code: codes.ABORTED, reason: 'VERSION_CONFLICT' });
  const bad = { activityId, etag: next.etag, terms: { ...terms, stock: 0, price: -1n } };
  expect(await refusalOf(client.ask({ ...update, request: bad }))).toMatchObject({
    ...{ code: codes.INVALID_ARGUMENT, reason: 'INVALID', fields: ['stock', 'price'] },
  });

  const paused = await client.ask({ method: calls.pauseActivity, request, claims });
  expect(paused.state).toBe(Activity_State.PAUSED);
  const resumed = await client.ask({ method: calls.resumeActivity, request, claims });
  expect([Activity_State.SCHEDULED, Activity_State.LOADED]).toContain(resumed.state);
  const ended = await client.ask({ method: calls.endActivity, request, claims });
  const removal = { activityId, etag: ended.etag };
  await client.ask({ method: calls.deleteActivity, request: removal, claims });
});

it('tells its services by reflection, old and new, and that it serves', async () => {
  const LIST_SERVICES = Buffer.from([0x3a, 1, 0x2a]);
  for (const version of ['v1', 'v1alpha']) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const stream = client.raw.makeBidiStreamRequest(path, asIs, asIs);
    stream.end(LIST_SERVICES);
    const [answer]: Buffer[] = await once(stream, 'data');
    for (const name of SERVICES) {
      expect(answer?.includes(name)).toBe(true);
    }
  }
  const symbol = Buffer.from('grpc.health.v1.Health');
  const stream = client.raw.makeBidiStreamRequest(REFLECTION, asIs, asIs);
  stream.end(Buffer.concat([Buffer.from([0x22, symbol.length]), symbol]));
  const [file]: Buffer[] = await once(stream, 'data');
  // Clients refuse a file whose entries of maps have other names.
  expect(file?.includes('StatusesEntry')).toBe(true);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  client.raw.makeUnaryRequest(
    ...(['/grpc.health.v1.Health/Check', asIs, asIs, Buffer.alloc(0)] as const),
    (error, answer) => (error === null ? resolve(answer) : reject(error)),
  );
  const SERVING = Buffer.from([8, 1]);
  expect(await promise).toEqual(SERVING);
});

const asIs = (bytes: Buffer): Buffer => bytes;
const REFLECTION = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const SERVICES = [
  'seckill.v1.SeckillService',
  'seckill.v1.ActivityService',
  'grpc.health.v1.Health',
];
