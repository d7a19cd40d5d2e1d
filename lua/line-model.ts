// What `admit.lua` must answer and leave behind where there is no draw.
import { type Bucket, fullBucket, takeTurn } from '../shared/bucket.ts';
import type { Knock, LineTerms } from './line-under-test.ts';

export interface ModelPlace {
  readonly ulid: string;
  readonly turn: number;
  readonly until: number;
  readonly entered: 'never' | 'just' | 'earlier';
  readonly follows: string;
  /** Told to wait, and not yet seen at its turn. */
  readonly waits: boolean;
}

/** The line as plain data: `shared/bucket.ts` and the places that stand. */
export class LineModel {
  readonly places = new Map<string, ModelPlace>();
  readonly turns: number[] = [];
  /** Turns of places that were told to wait and came. */
  readonly came: number[] = [];
  readonly terms: LineTerms;
  bucket: Bucket;
  speed: 0 | 1 = 1;

  constructor(terms: LineTerms) {
    this.terms = terms;
    this.bucket = fullBucket(this.pace());
  }

  pace() {
    return { ratePerSecond: this.terms.rate, capacity: this.terms.capacity };
  }

  admit(
    knock: Knock,
    virtualMs: number,
    { tokens, speed }: { readonly tokens: 'full' | 'none'; readonly speed: 0 | 1 },
  ): unknown[] {
    this.speed = speed;
    const held = this.places.get(knock.userKey);
    const follows = knock.follows ?? '';
    let place: ModelPlace | undefined;
    let followed = '';
    if (held !== undefined) {
      if (held.entered === 'never' || held.ulid !== follows) place = held;
      else followed = held.ulid;
    } else if (knock.ticket !== undefined && knock.ticket.ulid !== follows) {
      const waits = knock.ticket.until <= knock.ticket.turn + this.terms.windowMs;
      place = { ...knock.ticket, entered: 'never', follows: '', waits };
    }
    const isPlain = follows === '' && knock.ticket === undefined && place?.follows;
    if (place !== undefined && (place.entered !== 'never' || isPlain)) {
      if (place.entered === 'just' || tokens === 'none')
        return this.answer('confirming', place, virtualMs);
      const entered = place.entered === 'never' ? 'never' : 'just';
      return this.keep('enter', knock, { ...place, entered }, virtualMs);
    }
    if (place === undefined || virtualMs > place.until) {
      if (knock.joinable === false) return ['closed'];
      const taken = takeTurn(this.bucket, this.pace(), virtualMs);
      if (-taken.bucket.balance > this.terms.queueLimit) return ['line_full'];
      this.bucket = taken.bucket;
      this.turns.push(taken.turn);
      const { turn } = taken;
      const until = turn + this.terms.windowMs;
      const { ulid = knock.freshUlid, follows: of = followed } = place ?? {};
      const waits = turn > virtualMs;
      place = { ulid, turn, until, entered: 'never', follows: of, waits };
    } else if (place.waits && place.turn <= virtualMs) {
      place = { ...place, waits: false };
      this.came.push(place.turn);
    }
    if (place.turn > virtualMs) return this.keep('wait', knock, place, virtualMs);
    if (speed === 0) return this.keep('paused', knock, place, virtualMs);
    if (tokens === 'full') {
      return this.keep('enter', knock, { ...place, entered: 'just' }, virtualMs);
    }
    const until = Math.max(place.until, virtualMs + 5_000);
    return this.keep('ready', knock, { ...place, until }, virtualMs);
  }

  private keep(word: string, { userKey }: Knock, place: ModelPlace, virtualMs: number): unknown[] {
    this.places.set(userKey, place);
    return this.answer(word, place, virtualMs);
  }

  private answer(word: string, place: ModelPlace, virtualMs: number): unknown[] {
    const { ulid, turn, until, follows } = place;
    return [word, ulid, turn, until, virtualMs, this.terms.rate, 1000 * this.speed, follows, -1];
  }
}
