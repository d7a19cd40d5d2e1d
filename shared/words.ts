// The closed lists of words that cross a border: wire, Redis, database, metric label.

export const ORDER_STATUSES = ['PENDING', 'PAID', 'CANCELLED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const CANCEL_REASONS = [
  'CANCELLED_BY_BUYER',
  'EXPIRED',
  'REFUNDED',
  'REFUND_DUE',
  'OVERSOLD_GUARD',
  'FENCED',
  'LOST_IN_FAILURE',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

export const ACTIVITY_STATES = [
  'SCHEDULED',
  'LOADED',
  'RUNNING',
  'PAUSED',
  'ENDED',
  'CLOSED',
] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number];

export const STOCK_BANDS = ['none', 'low', 'some'] as const;
export type StockBand = (typeof STOCK_BANDS)[number];

/** What a waiting buyer is told; the last three are answers to polls only. */
export const TICKET_STATES = [
  'PRE_QUEUE',
  'QUEUED',
  'READY',
  'CONFIRMING',
  'EXPIRED',
  'SOLD_OUT',
  'ENDED',
] as const;
export type TicketState = (typeof TICKET_STATES)[number];

export const FUNNEL_STAGES = [
  'requests',
  'l1',
  'l2',
  'l3',
  'queued',
  'called',
  'entered',
  'reserved',
  'persisted',
  'paid',
] as const;
export type FunnelStage = (typeof FUNNEL_STAGES)[number];

export const SKU_ID = /^[A-Za-z0-9_]{1,32}$/;
const USER_ID = /^[A-Za-z0-9_.@:|-]{1,128}$/;

export const isSkuId = (text: string): boolean => SKU_ID.test(text);
export const isUserId = (text: string): boolean => USER_ID.test(text);
