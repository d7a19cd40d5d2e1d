// The parts of the Worker, made once per isolate from its settings. They keep values for many
// requests, and nothing that belongs to one.
import { type Admit, createAdmit } from './admit/admit.ts';
import { createForward, type Forward } from './forward/forward.ts';
import { type AskOrigin, createAskOrigin } from './forward/origin.ts';
import { createIdentify, type Identify } from './identity/identity.ts';
import { createUserHash, createUserKey } from './identity/user-key.ts';
import { createIpLimit, type IpLimit } from './ip-limit/ip-limit.ts';
import { createIsolateLimit, type IsolateLimit } from './ip-limit/isolate-limit.ts';
import type { Log } from './log.ts';
import type { Random } from './queue/waiting.ts';
import { createEdgeRedis } from './redis/edge-redis.ts';
import { createSaleStatuses, type SaleStatuses } from './sale/sale-statuses.ts';
import { createTurnedAway, type TurnedAway } from './sale/turned-away.ts';
import type { Settings } from './settings.ts';
import { createTickets, type Tickets } from './ticket/ticket.ts';

export interface Edge {
  readonly settings: Settings;
  readonly identify: Identify;
  readonly userKeyOf: (userId: string) => Promise<string>;
  readonly userHashOf: (of: { userId: string; activityId: string }) => Promise<string>;
  readonly ipLimit: IpLimit;
  /** Polls and pages cost nothing to answer; this stops only what no crowd of people is. */
  readonly pollLimit: IsolateLimit;
  readonly statuses: SaleStatuses;
  readonly turnedAway: TurnedAway;
  readonly tickets: Tickets;
  readonly admit: Admit;
  readonly askOrigin: AskOrigin;
  readonly forward: Forward;
  readonly random: Random;
}

const POLLS_PER_SECOND = 20_000;
const MAX_POLLING_NETWORKS = 20_000;

export function createEdge(settings: Settings, log: Log): Edge {
  const redis = createEdgeRedis(settings.redis, log);
  const { originUrl: baseUrl, signatureKey } = settings;
  const askOrigin = createAskOrigin({ baseUrl, signatureKey, log });
  return {
    settings,
    identify: createIdentify(settings.tokens, log),
    userKeyOf: createUserKey(settings.userKeySecret),
    userHashOf: createUserHash(settings.ticketSecret),
    ipLimit: createIpLimit(redis, log),
    pollLimit: createIsolateLimit({
      limit: POLLS_PER_SECOND,
      windowMs: 1_000,
      maxNetworks: MAX_POLLING_NETWORKS,
    }),
    statuses: createSaleStatuses(redis, log),
    turnedAway: createTurnedAway(),
    tickets: createTickets(settings.ticketSecret),
    admit: createAdmit(redis, log),
    askOrigin,
    forward: createForward(askOrigin),
    random: Math.random,
  };
}
