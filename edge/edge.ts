// The parts of the Worker, made once per isolate from its settings. They keep values for many
// requests, and nothing that belongs to one.

import { isLocal, type Settings } from '../shared/edge-settings.ts';
import { type Admit, createAdmit } from './admit/admit.ts';
import { type Challenges, createChallenges } from './challenge/challenges.ts';
import { createWork, type Work } from './challenge/work.ts';
import { createDeviceTokens, type DeviceTokens } from './device/device-token.ts';
import type { EventCounts } from './event-counts.ts';
import { type Counter, createCounter } from './facts/counting.ts';
import { createFactNames, type FactNames } from './facts/fact-names.ts';
import { createForward, type Forward } from './forward/forward.ts';
import { type AskOrigin, createAskOrigin } from './forward/origin.ts';
import { createKnownOrigins, type KnownOrigins } from './forward/origin-list.ts';
import { createOrigins } from './forward/origins.ts';
import { createHmac, type Hmac } from './hmac.ts';
import { createIdentify, type Identify } from './identity/identity.ts';
import { createUserHash, createUserKey } from './identity/user-key.ts';
import { createIpLimit, type IpLimit } from './ip-limit/ip-limit.ts';
import { createIsolateLimit, type IsolateLimit } from './ip-limit/isolate-limit.ts';
import type { Log } from './log.ts';
import { createPageTokens, type PageTokens } from './page-token/page-token.ts';
import { createTurnedBack, type TurnedBack } from './policy/turned-back.ts';
import { createDrawnTickets, type DrawnTickets } from './queue/drawn-ticket.ts';
import type { Random } from './queue/waiting.ts';
import { createEdgeRedis, type EdgeRedis } from './redis/edge-redis.ts';
import { createSaleStatuses, type SaleStatuses } from './sale/sale-statuses.ts';
import { createTurnedAway, type TurnedAway } from './sale/turned-away.ts';
import { createTickets, type Tickets } from './ticket/ticket.ts';

export interface Edge {
  readonly settings: Settings;
  readonly redis: EdgeRedis;
  readonly identify: Identify;
  readonly userKeyOf: (userId: string) => Promise<string>;
  readonly userHashOf: (of: { userId: string; activityId: string }) => Promise<string>;
  readonly ipLimit: IpLimit;
  /** Polls and pages cost nothing to answer; this stops only what no crowd of people is. */
  readonly pollLimit: IsolateLimit;
  readonly statuses: SaleStatuses;
  readonly turnedAway: TurnedAway;
  readonly names: FactNames;
  readonly deviceTokens: DeviceTokens;
  readonly pageTokens: PageTokens;
  readonly work: Work;
  readonly challenges: Challenges;
  readonly counter: Counter;
  readonly turnedBack: TurnedBack;
  readonly tickets: Tickets;
  readonly drawnTickets: DrawnTickets;
  /** Signs what proves an entry in a draw. */
  readonly entryHmac: Hmac;
  readonly admit: Admit;
  /** Where origins answer, and the live settings. */
  readonly known: KnownOrigins;
  readonly askOrigin: AskOrigin;
  readonly forward: Forward;
  readonly random: Random;
  /** What the origin will hear of this isolate. */
  readonly counts: EventCounts;
}

const POLLS_PER_SECOND = 20_000;
const MAX_POLLING_NETWORKS = 20_000;

export function createEdge(
  settings: Settings,
  { log, counts }: { readonly log: Log; readonly counts: EventCounts },
): Edge {
  const redis = createEdgeRedis(settings.redis, log);
  const { signatureKey, deviceSecret } = settings;
  const work = createWork(deviceSecret);
  const known = createKnownOrigins({ redis, signatureKey, log });
  const origins = createOrigins({
    suffix: settings.originSuffix,
    fallback: settings.originFallback,
    isLocal: isLocal(settings.profile),
    random: Math.random,
    now: Date.now,
  });
  const askOrigin = createAskOrigin({ known, origins, signatureKey, log });
  return {
    settings,
    redis,
    identify: createIdentify(settings.tokens, log),
    userKeyOf: createUserKey(settings.userKeySecret),
    userHashOf: createUserHash(settings.ticketSecret),
    ipLimit: createIpLimit(redis, log),
    pollLimit: createIsolateLimit({
      limit: POLLS_PER_SECOND,
      windowMs: 1_000,
      maxNetworks: MAX_POLLING_NETWORKS,
    }),
    statuses: createSaleStatuses(redis, { log, isClosed: settings.isClosed }),
    turnedAway: createTurnedAway(),
    names: createFactNames(deviceSecret),
    deviceTokens: createDeviceTokens(deviceSecret),
    pageTokens: createPageTokens(deviceSecret),
    work,
    challenges: createChallenges(settings, work),
    counter: createCounter(redis, log),
    turnedBack: createTurnedBack(),
    tickets: createTickets(settings.ticketSecret),
    drawnTickets: createDrawnTickets(),
    entryHmac: createHmac(settings.ticketSecret),
    admit: createAdmit(redis, log),
    known,
    askOrigin,
    forward: createForward(askOrigin),
    random: Math.random,
    counts,
  };
}
