// One sale from start to end in virtual seconds: a crowd, the line, its leader, the origin.
import { chanceOf, waitOf } from '../../shared/outlook.ts';
import { type Random, seededRandom } from '../crowd/random.ts';
import { type Document, LeaderModel, START_MS } from './leader-model.ts';
import { LineModel, type Place } from './line-model.ts';
import { OriginModel } from './origin-model.ts';
import { comesAfter, type Habit, windowOf } from './people.ts';
import { Schedule } from './schedule.ts';

export interface Setting {
  readonly seed: number;
  readonly stock: number;
  readonly ratePerSecond: number;
  readonly capacity: number;
  /** People who stand in the draw, or before the door, at the start. */
  readonly crowd: number;
  /** People a second who arrive later, and for how many seconds. */
  readonly later?: { readonly perSecond: number; readonly seconds: number };
  readonly draw: boolean;
  /** Share of the people called who come. */
  readonly comeShare: number;
  readonly habit: Habit;
  readonly unpaidShare: number;
  readonly payWindowSeconds: number;
  readonly seconds: number;
  readonly pause?: { readonly from: number; readonly seconds: number };
  /** The leader stops; another leads when it has been away for so long. */
  readonly leaderAway?: { readonly from: number; readonly seconds: number };
  /** From this second on the leader that stopped leads too, as if nothing had been. */
  readonly oldLeaderWakes?: number;
  readonly originPerSecond?: (second: number) => number;
  /** Called people of this share hold back, and come all at one second. */
  readonly holdBack?: { readonly share: number; readonly until: number };
  /** Each so many seconds some of those who wait note what they are told. */
  readonly noteEvery?: number;
}

export interface Person {
  readonly place: Place;
  readonly isComing: boolean;
  calledAt: number;
  firstAskedAt: number;
  reservedAt: number;
  readonly notes: { readonly at: number; readonly chance: number | null; readonly wait: Wait }[];
}
type Wait = ReturnType<typeof waitOf>;

export interface Second {
  readonly second: number;
  readonly speed: number;
  readonly entered: number;
  readonly queued: number;
  readonly units: number;
  readonly waiting: number;
}

export interface Outcome {
  readonly people: readonly Person[];
  readonly seconds: readonly Second[];
  readonly origin: OriginModel;
  readonly called: number;
}

const TICK_MS = 50;
const NOTERS = 12;

export function runWorld(setting: Setting): Outcome {
  return new World(setting).run();
}

class World {
  readonly #setting: Setting;
  readonly #random: Random;
  readonly #line: LineModel;
  readonly #origin: OriginModel;
  readonly #firstLeader: LeaderModel;
  #leader: LeaderModel;
  readonly #people: Person[] = [];
  /** Those who wait, by turn; `#next` is the first who was not called. */
  readonly #queue: Person[] = [];
  readonly #acts = new Schedule<Person>();
  readonly #seconds: Second[] = [];
  #next = 0;
  #entered = 0;
  #called = 0;
  #document: Document | undefined;

  constructor(setting: Setting) {
    const { seed, stock, ratePerSecond, capacity, habit, originPerSecond } = setting;
    this.#setting = setting;
    this.#random = seededRandom(seed);
    this.#line = new LineModel({ ratePerSecond, capacity }, 1000 * windowOf(habit));
    const perSecondAt =
      originPerSecond && ((nowMs: number) => originPerSecond((nowMs - START_MS) / 1000));
    this.#origin = new OriginModel(
      {
        ...{ stock, unpaidShare: setting.unpaidShare },
        payWindowMs: 1000 * setting.payWindowSeconds,
        ...(perSecondAt === undefined ? {} : { perSecondAt }),
      },
      this.#random.fork(1),
    );
    this.#firstLeader = new LeaderModel(this.#line, this.#origin, 1);
    this.#leader = this.#firstLeader;
    this.#round(this.#leader, START_MS - 1_000, false);
    this.#line.clock = { ...this.#line.clock, realAt: START_MS };
  }

  run(): Outcome {
    const { seconds, crowd, draw } = this.#setting;
    if (draw)
      for (const turn of this.#line.closeDraw(crowd)) this.#stand(this.#placeAt(turn), START_MS);
    else for (let person = 0; person < crowd; person += 1) this.#arrive(START_MS);
    for (let ms = 0; ms < 1000 * seconds; ms += TICK_MS) {
      const nowMs = START_MS + ms;
      this.#newcomers(ms, nowMs);
      this.#call(nowMs);
      for (const person of this.#acts.takeDue(nowMs)) this.#act(person, nowMs);
      this.#origin.work(nowMs, TICK_MS);
      if (ms % 1000 === 250) this.#lead(ms / 1000, nowMs);
    }
    return {
      ...{ people: this.#people, seconds: this.#seconds },
      ...{ origin: this.#origin, called: this.#called },
    };
  }

  #placeAt(turn: number): Place {
    return { turn, until: turn + this.#line.windowMs, waits: true, enteredAt: 0 };
  }

  #newcomers(ms: number, nowMs: number): void {
    const { later } = this.#setting;
    if (later === undefined || ms >= 1000 * later.seconds) return;
    const expected = (later.perSecond * TICK_MS) / 1000;
    const extra = this.#random.next() < expected % 1 ? 1 : 0;
    for (let count = Math.floor(expected) + extra; count > 0; count -= 1) this.#arrive(nowMs);
  }

  #arrive(nowMs: number): void {
    if (this.#document?.joinable !== true) return;
    this.#stand(this.#line.join(nowMs), nowMs);
  }

  #stand(place: Place, nowMs: number): void {
    const isComing = this.#random.next() < this.#setting.comeShare;
    const person = { place, isComing, calledAt: 0, firstAskedAt: 0, reservedAt: 0, notes: [] };
    this.#people.push(person);
    if (place.waits) this.#queue.push(person);
    else this.#act(person, nowMs);
  }

  #call(nowMs: number): void {
    const virtualMs = this.#line.virtualMs(nowMs);
    for (;;) {
      const person = this.#queue[this.#next];
      if (person === undefined || person.place.turn > virtualMs) return;
      this.#next += 1;
      person.calledAt = nowMs;
      if (!person.isComing) continue;
      const { holdBack, habit } = this.#setting;
      const isHeld = holdBack !== undefined && this.#random.next() < holdBack.share;
      const after = 1000 * comesAfter(habit, this.#random);
      const heldMs = isHeld ? START_MS + 1000 * holdBack.until - nowMs : 0;
      this.#acts.add(nowMs + Math.max(after, heldMs), person);
    }
  }

  #act(person: Person, nowMs: number): void {
    const { stock = 0, isPaused = false } = this.#document ?? {};
    // The edge answers both from its document.
    if (isPaused || stock <= 0) {
      if (!isPaused && person.firstAskedAt === 0) person.firstAskedAt = nowMs;
      this.#askAgain(person, nowMs);
      return;
    }
    const word = this.#line.admit(person.place, nowMs);
    if (person.firstAskedAt === 0 && word !== 'wait') person.firstAskedAt = nowMs;
    if (word === 'wait') {
      // Its window had passed: it stands behind the others again.
      person.calledAt = 0;
      person.firstAskedAt = 0;
      this.#queue.push(person);
      return;
    }
    if (word !== 'enter') {
      this.#askAgain(person, nowMs);
      return;
    }
    this.#entered += 1;
    this.#origin.ask(
      {
        answer: (isReserved, atMs) => {
          if (isReserved) person.reservedAt = atMs;
          else this.#askAgain(person, atMs);
        },
      },
      nowMs,
    );
  }

  /** In one to three seconds, as people do who were called and got nothing. */
  #askAgain(person: Person, nowMs: number): void {
    this.#acts.add(nowMs + 1000 + 2000 * this.#random.next(), person);
  }

  #lead(second: number, nowMs: number): void {
    const { pause, leaderAway, oldLeaderWakes, noteEvery } = this.#setting;
    const isIn = (span: Setting['pause']) =>
      span !== undefined && second >= span.from && second < span.from + span.seconds;
    if (!isIn(leaderAway)) {
      const isBack =
        leaderAway !== undefined && Math.floor(second) === leaderAway.from + leaderAway.seconds;
      if (isBack) this.#leader = new LeaderModel(this.#line, this.#origin, 2);
      this.#round(this.#leader, nowMs, isIn(pause));
    }
    if (oldLeaderWakes !== undefined && second >= oldLeaderWakes) {
      this.#round(this.#firstLeader, nowMs, isIn(pause));
    }
    const waiting = this.#queue.length - this.#next;
    const { speed } = this.#line.clock;
    const { units, waiting: queued } = this.#origin;
    this.#seconds.push({ ...{ second, speed, units, waiting, queued }, entered: this.#entered });
    this.#entered = 0;
    if (noteEvery !== undefined && Math.floor(second) % noteEvery === 0) this.#note(nowMs);
  }

  /** A leader that is refused writes no document either. */
  #round(leader: LeaderModel, nowMs: number, isPaused: boolean): void {
    const document = leader.round(nowMs, isPaused);
    if (document === undefined) return;
    this.#document = document;
    this.#called += leader.plan?.called ?? 0;
  }

  /** Some of those who wait write down what they are told. */
  #note(nowMs: number): void {
    const document = this.#document;
    if (document === undefined) return;
    const waiting = this.#queue.length - this.#next;
    for (let noter = 0; noter < Math.min(NOTERS, waiting); noter += 1) {
      const person = this.#queue[this.#next + this.#random.below(waiting)];
      if (person === undefined) continue;
      const { turn } = person.place;
      const chance = chanceOf(turn, document, nowMs);
      person.notes.push({ at: nowMs, chance, wait: waitOf(turn, document, nowMs) });
    }
  }
}
