// `admit` as plain data: the line, the entry bucket and who came, without a Redis.
import { type Bucket, fullBucket, type Pace, takeTurn } from '../../shared/bucket.ts';
import { type LineClock, virtualTime } from '../../shared/clock.ts';

export interface Place {
  turn: number;
  until: number;
  /** It was told to wait, and has not come since its turn. */
  waits: boolean;
  /** When it was last forwarded; 0 never. */
  enteredAt: number;
}

export type Admitted = 'enter' | 'wait' | 'ready' | 'paused' | 'confirming';

export class LineModel {
  readonly pace: Pace;
  readonly windowMs: number;
  clock: LineClock = {
    ...{ virtualAt: 0, realAt: 0, speed: 1, virtualUntil: 0, term: 1, version: 0 },
  };
  bucket: Bucket;
  waited = 0;
  /** Turns of called places since the leader looked. */
  came: number[] = [];
  refusedAt = 0;
  /** The call log as it was last written with the clock. */
  log: string | undefined;
  #first: number;
  #again: number;
  #at = 0;

  constructor(pace: Pace, windowMs: number) {
    this.pace = pace;
    this.windowMs = windowMs;
    this.bucket = fullBucket(pace);
    this.#first = Math.max(1, Math.floor(0.9 * pace.capacity));
    this.#again = Math.max(1, Math.ceil(0.1 * pace.capacity));
  }

  virtualMs(nowMs: number): number {
    return virtualTime(this.clock, nowMs);
  }

  /** As `set-clock` does: a leader of a lower term is refused, and whom its log counted stay. */
  setClock(
    next: Pick<LineClock, 'speed' | 'virtualUntil' | 'term'>,
    { log, counted, nowMs }: { log: string; counted: number; nowMs: number },
  ): boolean {
    const { term, version } = this.clock;
    if (term > next.term) return false;
    const virtualAt = this.virtualMs(nowMs);
    const virtualUntil = Math.max(virtualAt, next.virtualUntil);
    this.clock = { ...next, virtualAt, realAt: nowMs, virtualUntil, version: version + 1 };
    this.log = log;
    this.came.splice(0, counted);
    return true;
  }

  join(nowMs: number): Place {
    const virtualMs = this.virtualMs(nowMs);
    const { bucket, turn } = takeTurn(this.bucket, this.pace, virtualMs);
    this.bucket = bucket;
    const waits = turn > virtualMs;
    if (waits) this.waited += 1;
    return { turn, until: turn + this.windowMs, waits, enteredAt: 0 };
  }

  /** Closes a draw of so many entries; tells the turn of each place, from the first on. */
  closeDraw(entries: number): number[] {
    const { capacity, ratePerSecond } = this.pace;
    this.bucket = { balance: capacity - entries, lastMs: 0, remainder: 0 };
    this.waited += entries;
    return Array.from({ length: entries }, (_, at) =>
      at < capacity ? 0 : Math.ceil((1000 * (at + 1 - capacity)) / ratePerSecond),
    );
  }

  admit(place: Place, nowMs: number): Admitted {
    this.#refill(nowMs);
    if (place.enteredAt > 0) {
      if (nowMs - place.enteredAt < 1000 || this.#again < 1) return 'confirming';
      this.#again -= 1;
      place.enteredAt = nowMs;
      return 'enter';
    }
    const virtualMs = this.virtualMs(nowMs);
    if (virtualMs > place.until) Object.assign(place, this.join(nowMs));
    else if (place.waits && place.turn <= virtualMs) {
      place.waits = false;
      this.came.push(place.turn);
    }
    if (place.turn > virtualMs) return 'wait';
    if (this.clock.speed === 0) return 'paused';
    if (this.#first >= 1) {
      this.#first -= 1;
      place.enteredAt = nowMs;
      return 'enter';
    }
    this.refusedAt = nowMs;
    place.until = Math.max(place.until, virtualMs + 5_000);
    return 'ready';
  }

  #refill(nowMs: number): void {
    const { ratePerSecond, capacity } = this.pace;
    const tokens = ((nowMs - this.#at) * ratePerSecond) / 1000;
    this.#at = nowMs;
    this.#first = Math.min(Math.max(1, Math.floor(0.9 * capacity)), this.#first + 1.1 * tokens);
    this.#again = Math.min(Math.max(1, Math.ceil(0.1 * capacity)), this.#again + 0.1 * tokens);
  }
}
