// Sends a corpus through the Worker in the order of its times, and notes what became of each
// session. Nothing that a report knows (label, family, kind of network) is within its reach.
import { join } from 'node:path';
import type { Judgement } from '../../../edge/score/judgement.ts';
import type { Session, SessionRequest } from '../corpus.ts';
import { createReplayClock } from './replay-clock.ts';
import { openShop } from './shop.ts';
import { drawTickets, type TicketFor } from './tickets.ts';
import {
  type Answer,
  buy,
  createVisitor,
  openPage,
  poll,
  type Setting,
  showDevice,
  signTokens,
  type Visitor,
} from './visitor.ts';
import { loadWorker, type Seen } from './worker-in-node.ts';

export interface Attempt {
  readonly answer: Answer;
  readonly hadToken: boolean;
  readonly judgement: Judgement | undefined;
}

export interface Trace {
  readonly session: Session;
  /** What `judgeDevice` said, when the device was shown. */
  device: Judgement | undefined;
  readonly shown: Answer[];
  readonly attempts: Attempt[];
  /** Requests sent until the first one that layer 1 refused or challenged. */
  requestsUntilStopped: number | undefined;
  requests: number;
}

export type Cost = Omit<Seen, 'judgement'>;

export interface Replayed {
  readonly traces: readonly Trace[];
  /** What each judgement took. */
  readonly costs: readonly Cost[];
  /** HTTP requests to Redis before the judgements. */
  readonly redisCalls: number;
  readonly decisions: number;
}

export interface ReplayPlan {
  readonly dir: string;
  readonly hasBotManagement: boolean;
  readonly onProgress?: (share: number) => void;
}

const PROGRESS_EVERY = 2_000;

export async function replay(sessions: readonly Session[], plan: ReplayPlan): Promise<Replayed> {
  const events = sessions
    .flatMap((session) => session.requests.map((sent) => ({ session, sent })))
    .sort((a, b) => a.sent.t - b.sent.t);
  const firstAt = events[0]?.sent.t ?? 0;
  const startAt = sessions[0]?.t0 ?? 0;
  const clock = createReplayClock(firstAt);
  const shop = await openShop({ dir: plan.dir, firstAt, startAt });
  try {
    await signTokens(sessions);
    const stage = await createStage({ plan, shop, Date: clock.Date });
    const ticketFor = await drawTickets(sessions, firstAt);
    const visits = new Map(sessions.map((session) => [session, openVisit(session)]));
    let isOpen = false;
    for (const [index, { session, sent }] of events.entries()) {
      clock.moveTo(sent.t);
      if (!isOpen && sent.t >= startAt) {
        await shop.openLine();
        isOpen = true;
      }
      const visit = visits.get(session);
      if (visit !== undefined) await act({ stage, visit, sent, ticketFor });
      if (index % PROGRESS_EVERY === 0) plan.onProgress?.(index / events.length);
    }
    const traces = [...visits.values()].map(({ trace }) => trace);
    const { costs, calls } = stage;
    return { traces, costs, redisCalls: calls.ofDecisions, decisions: costs.length };
  } finally {
    await shop.stop();
  }
}

interface Visit {
  readonly visitor: Visitor;
  readonly trace: Trace;
}

interface Stage {
  readonly setting: Setting;
  readonly costs: Cost[];
  readonly calls: { readonly ofDecisions: number };
  /** The judgement of the request that was sent last, taken once. */
  takeJudgement(): Judgement | undefined;
}

function openVisit(session: Session): Visit {
  const trace: Trace = {
    session,
    device: undefined,
    shown: [],
    attempts: [],
    requestsUntilStopped: undefined,
    requests: 0,
  };
  return { visitor: createVisitor(session), trace };
}

async function createStage({
  plan,
  shop,
  Date: date,
}: {
  readonly plan: ReplayPlan;
  readonly shop: Awaited<ReturnType<typeof openShop>>;
  readonly Date: DateConstructor;
}): Promise<Stage> {
  const costs: Cost[] = [];
  const calls = { sinceRequest: 0, ofDecisions: 0 };
  let last: Judgement | undefined;
  const answer = await loadWorker({
    dir: join(plan.dir, 'bundle'),
    Date: date,
    fetch: (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (url.startsWith(shop.redisUrl) && !isRefresh(init?.body)) calls.sinceRequest += 1;
      return fetch(input, init);
    },
    onJudged: ({ judgement, ...cost }: Seen) => {
      last = judgement;
      costs.push(cost);
      calls.ofDecisions += calls.sinceRequest;
    },
  });
  return {
    costs,
    calls,
    setting: {
      send: (request) => {
        calls.sinceRequest = 0;
        return answer(request, shop.bindings);
      },
      hasBotManagement: plan.hasBotManagement,
    },
    takeJudgement() {
      const taken = last;
      last = undefined;
      return taken;
    },
  };
}

/** Documents that the Worker keeps and reads anew each second, behind answers, are counted apart. */
const isRefresh = (body: unknown): boolean =>
  typeof body === 'string' && /^\[\["get","(origins|sale_status:[^"]*)"\]\]$/i.test(body);

interface Act {
  readonly stage: Stage;
  readonly visit: Visit;
  readonly sent: SessionRequest;
  readonly ticketFor: TicketFor;
}

async function act({ stage, visit, sent, ticketFor }: Act): Promise<void> {
  const { visitor, trace } = visit;
  trace.requests += 1;
  switch (sent.action) {
    case 'page':
      await openPage(visitor, sent, stage.setting);
      return;
    case 'poll':
      await poll(visitor, sent, stage.setting);
      return;
    case 'collect':
      if (!visitor.hasShown) await show({ stage, visit, sent });
      return;
    case 'ticket':
    case 'buy': {
      // A page whose collector was kept from working shows what it has when it is needed.
      if (!visitor.hasShown && visitor.hasOpenedPage) await show({ stage, visit, sent });
      const hadToken = visitor.deviceToken !== undefined;
      const ticket = ticketFor(sent.ticket, visitor.session.user_id);
      stage.takeJudgement();
      const answer = await buy(visitor, sent, { ...stage.setting, ticket });
      trace.attempts.push({ answer, hadToken, judgement: stage.takeJudgement() });
      if (answer.status === 403 || answer.status === 429) noteStop(trace);
    }
  }
}

async function show({ stage, visit, sent }: Omit<Act, 'ticketFor'>): Promise<void> {
  const { visitor, trace } = visit;
  stage.takeJudgement();
  const answer = await showDevice(visitor, sent, stage.setting);
  trace.shown.push(answer);
  trace.device = stage.takeJudgement() ?? trace.device;
  if (answer.status === 403) noteStop(trace);
}

function noteStop(trace: Trace): void {
  trace.requestsUntilStopped ??= trace.requests;
}
