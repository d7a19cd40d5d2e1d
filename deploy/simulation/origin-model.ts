// The origin as plain data: units, orders that are paid or run out, and how fast it works.

import type { Load } from '../../origin/line/health/load-report.ts';
import type { Random } from '../crowd/random.ts';

export interface OriginTerms {
  readonly stock: number;
  readonly unpaidShare: number;
  readonly payWindowMs: number;
  /** Purchases a second that it can decide at a moment; without it, as many as come, at once. */
  readonly perSecondAt?: (nowMs: number) => number;
}

interface Asked {
  readonly answer: (isReserved: boolean, nowMs: number) => void;
}

export class OriginModel {
  readonly terms: OriginTerms;
  units: number;
  sold = 0;
  held = 0;
  sequence = 0;
  /** When each held order ends, and whether it is paid then: oldest end first, by a heap outside. */
  readonly ends: { at: number; isPaid: boolean }[] = [];
  readonly payBys: number[] = [];
  readonly #random: Random;
  #queue: Asked[] = [];
  #budget = 0;
  #slowest = 0;

  constructor(terms: OriginTerms, random: Random) {
    this.terms = terms;
    this.units = terms.stock;
    this.#random = random;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  ask(asked: Asked, nowMs: number): void {
    if (this.terms.perSecondAt === undefined) this.#decide(asked, nowMs);
    else this.#queue.push(asked);
  }

  work(nowMs: number, elapsedMs: number): void {
    const { perSecondAt } = this.terms;
    if (perSecondAt !== undefined) {
      const perSecond = perSecondAt(nowMs);
      this.#budget = Math.min(perSecond, this.#budget + (perSecond * elapsedMs) / 1000);
      const served = this.#queue.splice(0, Math.floor(this.#budget));
      this.#budget -= served.length;
      this.#slowest = Math.max(this.#slowest, (1000 * this.#queue.length) / perSecond);
      for (const asked of served) this.#decide(asked, nowMs);
    }
    for (let index = this.ends.length - 1; index >= 0; index -= 1) {
      const end = this.ends[index];
      if (end === undefined || end.at > nowMs) continue;
      this.ends.splice(index, 1);
      this.held -= 1;
      this.sequence += 1;
      if (end.isPaid) continue;
      this.sold -= 1;
      this.units += 1;
    }
    while ((this.payBys[0] ?? Number.POSITIVE_INFINITY) <= nowMs) this.payBys.shift();
  }

  load(nowMs: number): Load {
    const reserveMs = 2 + this.#slowest;
    this.#slowest = 0;
    return { at: nowMs, eventLoopMs: 0, reserveMs, backlog: 0, refused: 0 };
  }

  #decide({ answer }: Asked, nowMs: number): void {
    const isReserved = this.units > 0;
    if (isReserved) {
      const { unpaidShare, payWindowMs } = this.terms;
      this.units -= 1;
      this.sold += 1;
      this.held += 1;
      this.sequence += 1;
      const isPaid = this.#random.next() >= unpaidShare;
      const after = isPaid ? (0.05 + 0.6 * this.#random.next()) * payWindowMs : payWindowMs;
      this.ends.push({ at: nowMs + after, isPaid });
      this.payBys.push(nowMs + payWindowMs);
    }
    answer(isReserved, nowMs);
  }
}
