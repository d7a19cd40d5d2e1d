// What Redis counted before a decision. Every number includes the request that is judged, is
// bounded where it is counted, and forgets by itself (lifetimes: README of this part).

/** Counted by POST /api/device, over all sales of the day. */
export interface DeviceFacts {
  /** Different users that sent exactly these signals. */
  readonly accountsOfDevice: number;
  /** Different users with the same canvas, graphics and screen, whatever else differs. */
  readonly accountsOfHardware: number;
  /** Different users that sent exactly this input summary; 0 where it says too little to count. */
  readonly accountsOfInput: number;
  /** Different devices of this user; this and what follows of the user counts to eight. */
  readonly devicesOfUser: number;
  /** Different autonomous systems from which this user came. */
  readonly systemsOfUser: number;
  /** Different users that sent any signals: what "many" is measured against. */
  readonly accountsAll: number;
}

/** Counted by a purchase, for one activity; members of the device come from its token's id. */
export interface PurchaseFacts {
  /** Purchases that this user has posted, those before the start included. */
  readonly requests: number;
  /** Between this user's latest purchases (at most eight of them); null before the second. */
  readonly gaps: Gaps | null;
  /** Purchases posted before entries opened. */
  readonly probesBeforeStart: number;
  /** From opening to this user's first purchase after it, whatever came later; null before it. */
  readonly reactionMs: number | null;
  /** The least page age that a purchase of this user told; null where none told one. */
  readonly leastPageAgeMs: number | null;
  readonly networksOfUser: number;
  readonly systemsOfUser: number;
  readonly accountsOfDevice: number;
  readonly accountsOfHardware: number;
  readonly accountsAll: number;
}

export interface Gaps {
  readonly minMs: number;
  readonly medianMs: number;
  /** Standard deviation over mean. */
  readonly variation: number;
}
