// The clock of a replay, the one fake it has: the Worker's `Date`, which stands where it was put.

export interface ReplayClock {
  readonly Date: DateConstructor;
  /** Never goes back. */
  moveTo(ms: number): void;
}

export function createReplayClock(startMs: number): ReplayClock {
  let now = startMs;
  const ReplayDate = new Proxy(Date, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now] : args),
    apply: () => new Date(now).toString(),
    get: (target, name) => (name === 'now' ? () => now : Reflect.get(target, name)),
  });
  return {
    Date: ReplayDate,
    moveTo(ms) {
      now = Math.max(now, ms);
    },
  };
}
