// Answers of the contract, as the stand-in edge plays them to the buyer's page.
import type { Played } from './page-stand-in.ts';

/** The page's clock stands here, and so does the server's. */
export const NOW = Date.parse('2026-11-27T11:58:20Z');

export const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const ULID = '01KB2V4ZQ8W3T5N7R9C1D6F8GH';
export const OTHER = '01KB2V4AAAW3T5N7R9C1D6F8GH';
export const orderIdOf = (skuId: string) => `${skuId}-${ULID}`;

export const ok = (body: object): Played => ({ status: 200, body: { ...body } });
export const problem = (status: number, slug: string, members: object = {}): Played => ({
  status,
  body: { type: `/problems/${slug}`, title: slug, status, detail: '', ...members },
});
export const later = (status: number, slug: string): Played => ({
  ...problem(status, slug),
  retryAfter: 4,
});

export const sale = (skuId: string, changes: object = {}) =>
  ok({
    ...{ skuId, activityId: 'a', title: 'Brass desk lamp', state: 'RUNNING' },
    ...{ startAt: at(-60), endAt: at(7_200), entryOpensAt: at(-660), serverTime: at(0) },
    ...{ price: 4_900, currency: 'EUR', limitPerUser: 1, joinable: true, soldOut: false },
    ...{ stockBand: 'some', waiting: 4_812 },
    ...changes,
  });
export const soon = { state: 'LOADED', startAt: at(100), joinable: false };
export const draw = {
  commitment: '9f2c1d7a64b0e3f58a7d2c9b1e6f4a3085d7c2b9e1f6a4d3c8b7a6e5f4d3c2b1',
  entries: 18_402,
};
export const place = (skuId: string, state: string, members: object = {}): Played => ({
  status: 202,
  body: {
    ...{ state, ticket: `${skuId}.ticket`, orderId: orderIdOf(skuId), pollAfterSeconds: 1 },
    ...members,
  },
});
export const queued = (skuId: string, members: object = {}) =>
  place(skuId, 'QUEUED', {
    ...{ position: 1_284, estimatedWaitSeconds: 260, waitRangeSeconds: [240, 300], chance: 0.86 },
    ...members,
  });
export const order = (skuId: string, members: object = {}): Played => ({
  status: 200,
  body: {
    ...{ state: 'RESERVED', orderId: orderIdOf(skuId), skuId, status: 'PENDING', quantity: 1 },
    ...{ amount: 4_900, currency: 'EUR', payBy: at(872), persisted: true },
    ...members,
  },
});
export const payable = (skuId: string) => ({
  paymentUrl: 'https://pay.example/session/1',
  receipt: `${skuId}.eyJlcG9jaCI6MSwic2VxIjo0MTJ9.q2w9Zt0vB1n8Yk3LrXh5`,
});
