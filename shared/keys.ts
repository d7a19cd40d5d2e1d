// Every Redis key of the system, built here and nowhere else. Braces are literal: they are Redis
// Cluster hash tags, so that all keys of one SKU share a slot and one script may touch them all.
import type { OrderIdParts } from './order-id.ts';

/** Keys of the inventory Redis (`REDIS`): stock, orders, outbox. */
export const inventoryKeys = {
  activity: (skuId: string) => `activity:{${skuId}}`,
  stock: (skuId: string) => `stock:sku_{${skuId}}`,
  sold: (skuId: string) => `sold:sku_{${skuId}}`,
  sequence: (skuId: string) => `seq:{${skuId}}`,
  outbox: (skuId: string) => `outbox:{${skuId}}`,
  /** What is due: batches of orders of which some are PENDING, by payBy (`lua/include/due.lua`). */
  pending: (skuId: string) => `pending:{${skuId}}`,
  userPurchase: (skuId: string, userKey: string) => `user_purchase:{${skuId}}:${userKey}`,
  orderStatus: ({ skuId, ulid }: OrderIdParts) => `order_status:{${skuId}}-${ulid}`,
  /** Facts of all orders by batch, and by ulids which batch it is (`lua/include/batch.lua`). */
  orders: (skuId: string) => `orders:{${skuId}}`,
  /** Unpaid expiries by user id, for all users in one hash: few have any, and few ask. */
  lapsed: (skuId: string) => `lapsed:{${skuId}}`,
  /** Written only to learn how far the replicas of the SKU's server are. */
  replicated: (skuId: string) => `replicated:{${skuId}}`,
  dedup: (orderId: string) => `dedup:order:${orderId}`,
} as const;

/** Keys of the edge Redis (`EDGE_REDIS`): the line and its clock; may be lost without losing an order. */
export const edgeKeys = {
  tokenBucket: (skuId: string) => `token_bucket:{${skuId}}`,
  tokenBucketLast: (skuId: string) => `token_bucket_last:{${skuId}}`,
  tokenBucketRemainder: (skuId: string) => `token_bucket_rem:{${skuId}}`,
  entryBucket: (skuId: string) => `entry_bucket:{${skuId}}`,
  lineClock: (skuId: string) => `line_clock:{${skuId}}`,
  /** Turns of called places, in the order of their first request at or after the turn. */
  came: (skuId: string) => `came:{${skuId}}`,
  /** Who was called when, and how many of them came: written with the clock. */
  callLog: (skuId: string) => `call_log:{${skuId}}`,
  /** What each origin instance says of its load: a hash by instance. */
  originLoad: 'origin_load',
  place: (skuId: string, userKey: string) => `place:{${skuId}}:${userKey}`,
  /** One for all SKUs: where origins answer, signed for edges. */
  origins: 'origins',
  saleStatus: (skuId: string) => `sale_status:{${skuId}}`,
  /** Prefix of @upstash/ratelimit; the identifier behind it stands in hash-tag braces. */
  ipLimit: 'ip_limit',
  /** Requests of a network's signed devices in one second. */
  ipCeiling: (network: string, second: number) => `ip_ceiling:{${network}}:${second}`,
  /** Different ones seen on a day: `subject` names what is counted, of whom. */
  facts: (day: number, subject: string) => `facts:{${day}}:${subject}`,
  cadence: (skuId: string, userKey: string) => `cadence:{${skuId}}:${userKey}`,
  /** A hash for all devices whose names begin alike: a key for each would cost ten times as much. */
  devicePlaces: (skuId: string, deviceId: string) =>
    `device_places:{${skuId}}:${deviceId.slice(0, DEVICE_GROUP_LENGTH)}`,
  /** Seed, count and running hash of the draw; the key of its places once it is closed. */
  draw: (skuId: string) => `draw:{${skuId}}`,
  /** The users of all draw entries in order, 16 bytes each. */
  drawEntries: (skuId: string) => `draw_entries:{${skuId}}`,
  proof: (challenge: string) => `proof:{${challenge}}`,
  standing: (user: string) => `standing:{${user}}`,
  explanation: (reference: string) => `explain:{${reference}}`,
} as const;

/** As many first characters of a device's name tell its group: 4,096 of them. */
export const DEVICE_GROUP_LENGTH = 2;

/** User ids up to this length stand in keys as they are; longer ones as a 16-byte HMAC. */
export const USER_KEY_PLAIN_LENGTH = 36;
