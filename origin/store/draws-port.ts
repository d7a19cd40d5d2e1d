// The database's side of draws: the seed, made with the activity and shown to nobody before the
// entries are closed; the entries in order, as pages; how far they have been saved.

/** What the database knows of a draw. */
export interface DrawFacts {
  /** 32 random bytes, lower-case hex. Secret until `closed`. */
  readonly seed: string;
  /** SHA-256 of the seed's bytes, lower-case hex: public from the beginning. */
  readonly commitment: string;
  /** How many entries are saved. */
  readonly entries: number;
  /** Running hash over them (shared/draw.ts); of none, where it begins. */
  readonly chain: string;
  /** No entry follows any more. */
  readonly closed: boolean;
  /** Merkle root over all entries, once they are closed. */
  readonly root: string | null;
}

export interface DrawPage {
  /** Index of its first entry. */
  readonly first: number;
  /** The entries' leaves one behind the other, 32 hexadecimal digits each. */
  readonly leaves: string;
}

/** Entries of a page at most. */
export const DRAW_PAGE_ENTRIES = 1_000;

export interface DrawsPort {
  /** undefined for an activity without a draw. */
  findDraw(activityId: string): Promise<DrawFacts | undefined>;
  /**
   * Saves the entries that follow the first `from`, and what holds behind them, in one transaction.
   * Refused where `from` are not what is saved, or nothing may follow: another leader was here.
   */
  saveDraw(save: {
    readonly activityId: string;
    readonly from: number;
    readonly pages: readonly DrawPage[];
    readonly entries: number;
    readonly chain: string;
    readonly closed: boolean;
    readonly root: string | null;
  }): Promise<{ kind: 'saved' } | { kind: 'superseded' }>;
  /** Pages in order, from the one that holds entry `from`; at most `limit`. */
  drawPages(slice: {
    readonly activityId: string;
    readonly from: number;
    readonly limit: number;
  }): Promise<readonly DrawPage[]>;
}
