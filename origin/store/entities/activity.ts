import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ActivityEntity = defineEntity({
  name: 'Activity',
  tableName: 'activity',
  properties: {
    activityId: p.string().length(64).primary(),
    skuId: p.string().length(32),
    title: p.string().length(200),
    stock: p.bigint('number'),
    price: p.bigint('number'),
    currency: p.string().length(3),
    limitPerUser: p.integer(),
    ratePerSecond: p.integer(),
    capacity: p.integer(),
    queueLimit: p.integer(),
    entryOpensAt: p.bigint('number'),
    draw: p.boolean(),
    beacon: p.string().length(200).nullable(),
    startAt: p.bigint('number'),
    endAt: p.bigint('number'),
    ticketWindowSeconds: p.integer(),
    paymentWindowSeconds: p.integer(),
    challengeAt: p.integer(),
    denyAt: p.integer(),
    state: p.string().length(16).$type<'SCHEDULED' | 'LOADED' | 'CLOSING' | 'CLOSED'>(),
    paused: p.boolean(),
    version: p.integer(),
    createdAt: p.bigint('number'),
    updatedAt: p.bigint('number'),
    deletedAt: p.bigint('number').nullable(),
    epoch: p.bigint('number'),
    runId: p.string().length(64),
    epochTaken: p.bigint('number'),
    epochAnnounced: p.bigint('number'),
    /** The term of the leader that took `epochTaken`. */
    rebuildTerm: p.bigint('number'),
    fenceEpoch: p.bigint('number'),
    fenceReason: p.string().length(500).nullable(),
    virtualAt: p.bigint('number'),
    frontier: p.bigint('number'),
    /** Hundredths; null where no operator has pinned the line's speed. */
    speedPin: p.integer().nullable(),
  },
});

export type ActivityRecord = InferEntity<typeof ActivityEntity>;
