import { defineEntity, p } from '@mikro-orm/core';

/** A record that could not be written; undecided until somebody replays or discards it. */
export const DeadLetterEntity = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letter',
  properties: {
    id: p.bigint('number').primary(),
    /** SHA-256 of what was read: the same record read again is the same dead letter. */
    identity: p.string().length(64),
    type: p.string().length(16).nullable(),
    activityId: p.string().length(64).nullable(),
    skuId: p.string().length(32).nullable(),
    orderId: p.string().length(64).nullable(),
    userId: p.string().length(128).nullable(),
    quantity: p.integer(),
    epoch: p.bigint('number').nullable(),
    seq: p.bigint('number').nullable(),
    text: p.text(),
    reason: p.string().length(500),
    position: p.string().length(300),
    attempts: p.integer(),
    createdAt: p.bigint('number'),
    decision: p.string().length(16).nullable(),
    decidedAt: p.bigint('number').nullable(),
    copiedAt: p.bigint('number').nullable(),
  },
});
