// What happens later, soonest first: a binary heap.

export class Schedule<Item> {
  readonly #heap: { readonly at: number; readonly item: Item }[] = [];

  add(at: number, item: Item): void {
    const heap = this.#heap;
    heap.push({ at, item });
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isSooner(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Takes out all that is due. */
  takeDue(now: number): Item[] {
    const due: Item[] = [];
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      due.push(first.item);
      this.#dropFirst();
    }
    return due;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const child = right < heap.length && this.#isSooner(right, left) ? right : left;
      if (child >= heap.length || !this.#isSooner(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #isSooner(one: number, other: number): boolean {
    return (this.#heap[one]?.at ?? 0) < (this.#heap[other]?.at ?? 0);
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#heap[one], this.#heap[other]];
    if (first === undefined || second === undefined) return;
    this.#heap[one] = second;
    this.#heap[other] = first;
  }
}
