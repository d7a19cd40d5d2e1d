// A crowd in front of one sale: people who come around the start and crude bots among them. Runs
// where it is called; `crowd-process.ts` gives it a process of its own.
import type { BotPlan, Gang } from './bot-families.ts';
import { runBot } from './bots.ts';
import { drawBrowser } from './browsers.ts';
import { drawInput } from './input.ts';
import type {
  BotOutcome,
  Confirmed,
  CrowdProgress,
  CrowdReport,
  PersonOutcome,
} from './outcome.ts';
import { runPerson } from './person.ts';
import { type Random, seededRandom } from './random.ts';
import { tokensOf } from './tokens.ts';
import { openWire } from './wire.ts';

export interface CrowdPlan {
  readonly edge: string;
  readonly origin: string;
  readonly skuId: string;
  readonly jwtSecret: string;
  readonly people: number;
  readonly bots: number;
  readonly seed: number;
  /** Epoch ms from when on people open the page, and of the start of the sale. */
  readonly opensAt: number;
  readonly startAt: number;
  /** Most have pressed "buy" this long after the start. */
  readonly rushMs: number;
  readonly givesUpAt: number;
}

const SOCKETS = { people: 192, bots: 48 };
const SHARE_OF_EARLY = 0.1;
const EARLY_MS = 1_000;
/** A start is seen before it is answered. */
const REACTION_MS = 250;
/** The page is looked at for this long, at least, before the button is pressed. */
const LOOK_MS = 2_000;
const BOT_ADDRESSES = 16;
const PROGRESS_MS = 250;
/** The gang's draws are nobody else's. */
const GANG = 2 ** 30;

export async function runCrowd(
  plan: CrowdPlan,
  onProgress: (progress: CrowdProgress) => void,
): Promise<CrowdReport> {
  const crowd = gather(plan);
  const timer = setInterval(() => onProgress(structuredClone(crowd.progress)), PROGRESS_MS);
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
  const [people, bots] = await Promise.all([
    Promise.all(numbers(plan.people).map((number) => sendPerson(crowd, number))),
    Promise.all(numbers(plan.bots).map((number) => sendBot(crowd, number))),
  ]);
  clearInterval(timer);
  onProgress(crowd.progress);
  await Promise.all([crowd.peoplesWire.close(), crowd.botsWire.close()]);
  const purchaseMs = crowd.purchaseMs.toSorted((one, other) => one - other);
  const { confirmed, progress } = crowd;
  return { people, bots, confirmed, purchaseMs, requests: progress.requests };
}

/** What the members of a crowd share. */
function gather(plan: CrowdPlan) {
  const progress = noProgress();
  const onAnswer = (status: number) => {
    progress.requests += 1;
    progress.answers[status] = (progress.answers[status] ?? 0) + 1;
  };
  const confirmed: Confirmed[] = [];
  return {
    plan,
    progress,
    confirmed,
    purchaseMs: [] as number[],
    random: seededRandom(plan.seed),
    tokens: tokensOf(plan.jwtSecret),
    peoplesWire: openWire({ sockets: SOCKETS.people, onAnswer }),
    botsWire: openWire({ sockets: SOCKETS.bots, onAnswer }),
    onConfirmed: (order: Confirmed) => void confirmed.push(order),
    gang: gangOf(seededRandom(plan.seed).fork(GANG)),
    /** The last that a person was given: what a thief would get hold of. */
    lastTicket: undefined as string | undefined,
  };
}
type CrowdState = ReturnType<typeof gather>;

async function sendPerson(crowd: CrowdState, number: number): Promise<PersonOutcome> {
  const { plan, progress, onConfirmed } = crowd;
  const random = crowd.random.fork(number);
  const userId = `person-${plan.seed}-${number}`;
  const arrivesAt = arrival(plan, random);
  let state: keyof CrowdProgress['people'] | undefined;
  const onState = (next: keyof CrowdProgress['people']) => {
    if (state !== undefined) progress.people[state] -= 1;
    progress.people[next] += 1;
    state = next;
  };
  const outcome = await runPerson({
    ...plan,
    userId,
    token: crowd.tokens.good(userId),
    address: addressOf(10, number),
    opensAt: plan.opensAt + random.next() * Math.max(0, arrivesAt - LOOK_MS - plan.opensAt),
    arrivesAt,
    browser: drawBrowser(random),
    random,
    wire: crowd.peoplesWire,
    onConfirmed,
    onPurchaseMs: (ms) => void crowd.purchaseMs.push(ms),
    onTicket: (ticket) => {
      crowd.lastTicket = ticket;
    },
    onState,
  });
  onState(outcome.end);
  return outcome;
}

async function sendBot(crowd: CrowdState, number: number): Promise<BotOutcome> {
  const { plan, tokens, onConfirmed } = crowd;
  const random = crowd.random.fork(-1 - number);
  const bot: BotPlan = {
    ...plan,
    userId: `bot-${plan.seed}-${number}`,
    address: addressOf(172, number % BOT_ADDRESSES),
    preparesAt: plan.opensAt + random.next() * (plan.startAt - plan.opensAt),
    startsAt: plan.startAt + random.below(plan.rushMs),
    random,
    tokens,
    wire: crowd.botsWire,
    gang: crowd.gang,
    stolenTicket: () => crowd.lastTicket,
  };
  const outcome = await runBot(bot, { number, onConfirmed });
  crowd.progress.botsDone += 1;
  return outcome;
}

/** On a desktop, whose mouse leaves a trail worth recording. */
function gangOf(random: Random): Gang {
  let browser = drawBrowser(random);
  while (!browser.hasMouse) browser = drawBrowser(random);
  return { browser, input: drawInput(random, { hasMouse: browser.hasMouse, dwellMs: 20_000 }) };
}

/** Some are early and wait for the start; the others come thick at first, then thinning out. */
function arrival({ startAt, rushMs }: CrowdPlan, random: Random): number {
  if (random.next() < SHARE_OF_EARLY) return startAt - random.below(EARLY_MS);
  return startAt + REACTION_MS + rushMs * random.next() ** 2;
}

function addressOf(net: number, number: number): string {
  return `${net}.${16 + ((number >> 16) & 15)}.${(number >> 8) & 255}.${number & 255}`;
}

function noProgress() {
  const people = {
    asking: 0,
    waiting: 0,
    bought: 0,
    'sold-out': 0,
    'limit-reached': 0,
    ended: 0,
    challenged: 0,
    refused: 0,
    'gave-up': 0,
  };
  const answers: Record<number, number> = {};
  return { requests: 0, people, botsDone: 0, answers };
}
