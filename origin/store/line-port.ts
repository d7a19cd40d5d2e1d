// The database's side of the line: what it goes on from, and what an operator has decided.

export interface LineStore {
  /** Saves what lines go on from when their Redis is lost; never moves back. */
  saveFrontiers(
    frontiers: readonly { activityId: string; virtualAt: number; frontier: number }[],
  ): Promise<void>;
  /** Pins the speed of an activity's line, 0.1 to 1 in hundredths, or lets it go with null. */
  pinSpeed(pin: {
    readonly activityId: string;
    readonly speed: number | null;
  }): Promise<{ kind: 'pinned' } | { kind: 'unknown' }>;
}
