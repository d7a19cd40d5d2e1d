// The highest event number of the open epoch that this process has seen, per activity. A Redis
// that answers with less has lost events.

export interface Seen {
  readonly epoch: number;
  readonly seq: number;
}

export interface SeenSequences {
  get(activityId: string, epoch: number): number;
  raise(activityId: string, seen: Seen): void;
  /** Forgets activities that are no longer live. */
  keep(isLive: (activityId: string) => boolean): void;
}

export function createSeenSequences(): SeenSequences {
  const byActivity = new Map<string, Seen>();
  return {
    get(activityId, epoch) {
      const seen = byActivity.get(activityId);
      return seen !== undefined && seen.epoch === epoch ? seen.seq : 0;
    },
    raise(activityId, { epoch, seq }) {
      const seen = byActivity.get(activityId);
      const isHigher =
        seen === undefined || epoch > seen.epoch || (epoch === seen.epoch && seq > seen.seq);
      if (isHigher) byActivity.set(activityId, { epoch, seq });
    },
    keep(isLive) {
      for (const activityId of byActivity.keys()) {
        if (!isLive(activityId)) byActivity.delete(activityId);
      }
    },
  };
}
