// Every state that the buyer's page can be in, and how to get there: for the tests and the pictures.
import type { Page } from 'playwright-core';
import {
  at,
  draw,
  later,
  OTHER,
  order,
  orderIdOf,
  payable,
  place,
  problem,
  queued,
  sale,
  soon,
} from './page-answers.ts';
import { type Answers, HELD, type Played } from './page-stand-in.ts';

export interface PageState {
  readonly name: string;
  /** `data-view` of the card, once it is there. */
  readonly view: string;
  readonly answers: (skuId: string) => Answers;
  /** Not signed in; everybody else is anna. */
  readonly isOnlooker?: true;
  readonly aheadMs?: number; // The device's clock.
  /** Kept from an earlier visit, by name. */
  readonly kept?: (skuId: string) => Readonly<Record<string, string>>;
  /** What the buyer does, from the first view on. */
  readonly steps?: (page: Page, play: (answers: Answers) => void) => Promise<unknown>;
}

const press = (page: Page) => page.locator('#act').click();
/** The buyer has a place already, and it is `answer`. */
const inLine = (answer: (skuId: string) => Played) => ({
  answers: (skuId: string) => ({
    sale: sale(skuId),
    place: answer(skuId),
    purchase: answer(skuId),
  }),
  kept: (skuId: string) => ({ [`ticket/${skuId}/anna`]: `${skuId}.ticket` }),
});
const withOrder = (members: (skuId: string) => object, others: readonly string[] = []) => ({
  view: 'order',
  answers: (skuId: string) => ({
    sale: sale(skuId, { limitPerUser: others.length + 1 }),
    order: order(skuId, members(skuId)),
  }),
  kept: (skuId: string) => ({
    [`orders/${skuId}/anna`]: [...others.map((id) => `${skuId}-${id}`), orderIdOf(skuId)].join(' '),
    [`receipt/${orderIdOf(skuId)}`]: payable(skuId).receipt,
  }),
});
const refusedWith = (answer: Played) => ({
  answers: (skuId: string) => ({ sale: sale(skuId), purchase: answer }),
  steps: press,
});
const onSale = (changes: object) => ({
  answers: (skuId: string) => ({ sale: sale(skuId, changes) }),
});

const gone = { soldOut: true, joinable: false, stockBand: 'none' };

export const PAGE_STATES: readonly PageState[] = [
  { name: 'sign-in', view: 'open', isOnlooker: true, ...onSale({}) },
  { name: 'soon', view: 'soon', ...onSale(soon) },
  {
    name: 'soon-set',
    view: 'soon',
    answers: (skuId) => ({
      sale: sale(skuId, soon),
      purchase: problem(409, 'not-open', { opensAt: at(100), serverTime: at(0) }),
    }),
    steps: async (page) => {
      await press(page);
      await page.locator('#act').waitFor({ state: 'hidden' });
    },
  },
  { name: 'draw', view: 'soon', ...onSale({ ...soon, draw }) },
  {
    name: 'draw-entered',
    view: 'entered',
    answers: (skuId) => ({
      sale: sale(skuId, { ...soon, draw }),
      purchase: place(skuId, 'PRE_QUEUE', {
        entry: { index: 17_340, leaf: 'ab', receipt: `${skuId}.17340.kJ2x8Qw5` },
      }),
      place: place(skuId, 'PRE_QUEUE'),
    }),
    steps: press,
  },
  { name: 'open', view: 'open', ...onSale({ stockBand: 'low' }) },
  {
    name: 'checking',
    view: 'checking',
    ...refusedWith(
      problem(403, 'challenge-required', {
        challenge: {
          ...{ algorithm: 'SHA-256', challenge: 'f'.repeat(64), salt: 's', signature: 's' },
          maxnumber: 900_000_000,
        },
      }),
    ),
  },
  {
    name: 'refused',
    view: 'refused',
    ...refusedWith(problem(403, 'refused', { reference: '7F3K-Q2' })),
  },
  {
    name: 'waiting',
    view: 'waiting',
    ...inLine(queued),
    kept: (skuId) => ({
      [`ticket/${skuId}/anna`]: `${skuId}.ticket`,
      [`ahead/${skuId}/anna`]: '4812',
    }),
  },
  {
    name: 'waiting-no-wait-known',
    view: 'waiting',
    ...inLine((skuId) =>
      queued(skuId, { estimatedWaitSeconds: null, waitRangeSeconds: null, chance: null }),
    ),
  },
  {
    name: 'waiting-for-return',
    view: 'waiting',
    ...inLine((skuId) =>
      queued(skuId, {
        ...{ position: 31, estimatedWaitSeconds: null, waitRangeSeconds: null, chance: 0.62 },
        ...{ reason: 'waiting-for-return', nextReturnAt: at(400) },
      }),
    ),
  },
  {
    name: 'waiting-offline',
    view: 'waiting',
    ...inLine(queued),
    steps: async (page) => {
      await page.locator('#card[data-view="waiting"]').waitFor();
      await page.route('**/api/**', (route) => route.abort());
      await page.locator('#notice').waitFor();
    },
  },
  {
    name: 'turn',
    view: 'turn',
    ...inLine((skuId) => place(skuId, 'READY', { readyForSeconds: 20, pollAfterSeconds: 3 })),
  },
  {
    name: 'confirming',
    view: 'confirming',
    ...inLine((skuId) => place(skuId, 'CONFIRMING', { pollAfterSeconds: 3 })),
  },
  { name: 'reserved', ...withOrder(payable) },
  {
    name: 'cancel-question',
    ...withOrder(payable),
    steps: async (page) => {
      await page.locator('#cancel').click();
      await page.locator('#sure').waitFor();
    },
  },
  { name: 'time-is-up', ...withOrder(() => ({ payBy: at(-2) })) },
  { name: 'paid', ...withOrder(() => ({ status: 'PAID' })) },
  {
    name: 'several-orders',
    ...withOrder((skuId) => ({ ...payable(skuId), amount: 9_800, quantity: 2 }), [OTHER]),
  },
  {
    name: 'cancelled',
    ...withOrder(() => ({ status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' })),
  },
  { name: 'expired', ...withOrder(() => ({ status: 'CANCELLED', reason: 'EXPIRED' })) },
  { name: 'refund-due', ...withOrder(() => ({ status: 'CANCELLED', reason: 'REFUND_DUE' })) },
  {
    name: 'receipt-shown',
    view: 'receipt',
    answers: (skuId) => ({
      sale: sale(skuId),
      order: problem(404, 'unknown-order', { showReceipt: true }),
      receipt: HELD,
    }),
    kept: withOrder(payable).kept,
  },
  {
    name: 'order-unknown',
    view: 'order-unknown',
    answers: (skuId) => ({ sale: sale(skuId), order: problem(404, 'unknown-order') }),
    kept: (skuId) => ({ [`orders/${skuId}/anna`]: orderIdOf(skuId) }),
  },
  {
    name: 'limit',
    view: 'limit',
    answers: (skuId) => ({
      sale: sale(skuId),
      purchase: problem(409, 'limit-reached', { limit: 1, orders: [orderIdOf(skuId)] }),
    }),
    steps: press,
  },
  { name: 'sold-out', view: 'sold-out', ...onSale(gone) },
  {
    name: 'sold-out-kept',
    view: 'sold-out',
    answers: (skuId) => ({
      sale: sale(skuId, gone),
      place: place(skuId, 'SOLD_OUT', { pollAfterSeconds: 5 }),
    }),
    kept: (skuId) => ({ [`ticket/${skuId}/anna`]: `${skuId}.ticket` }),
  },
  {
    name: 'units-are-back',
    view: 'open',
    ...onSale(gone),
    steps: async (page, play) => {
      const skuId = new URL(page.url()).pathname.split('/')[2] ?? '';
      await page.locator('#card[data-view="sold-out"]').waitFor();
      play({ sale: sale(skuId, { waiting: 0 }) });
    },
  },
  { name: 'paused', view: 'paused', ...onSale({ state: 'PAUSED' }) },
  { name: 'ended', view: 'ended', isOnlooker: true, ...onSale({ state: 'ENDED' }) },
  { name: 'unavailable', view: 'trouble', answers: () => ({ sale: later(503, 'unavailable') }) },
  { name: 'unknown', view: 'unknown', answers: () => ({ sale: problem(404, 'unknown-sku') }) },
  {
    name: 'drawing',
    view: 'entered',
    answers: (skuId) => ({
      sale: sale(skuId, { startAt: at(-1), draw }),
      purchase: place(skuId, 'PRE_QUEUE', { entry: { index: 17_340, leaf: 'ab', receipt: 'r' } }),
      place: place(skuId, 'PRE_QUEUE'),
    }),
    steps: press,
  },
  {
    name: 'sold-out-for-good',
    view: 'sold-out',
    answers: (skuId) => ({
      sale: sale(skuId, gone),
      purchase: problem(409, 'sold-out', { unitsMayReturn: false }),
    }),
    steps: async (page) => {
      const soldOut = page.locator('#card[data-view="sold-out"]');
      const told = (await soldOut.textContent()) ?? '';
      await press(page);
      await soldOut.filter({ hasNotText: told }).waitFor();
    },
  },
];
