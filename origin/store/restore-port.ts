// The database's side of being put back from a backup: what it must learn of the time behind the
// backup before an origin starts on it.

export interface ReadmitActivity {
  readonly activityId: string;
  /**
   * What it is to be. LOADED: its orders are applied again and Redis is rebuilt. CLOSED: another
   * activity of its SKU has been loaded since; its orders are still applied again.
   */
  readonly to: 'LOADED' | 'CLOSED';
  /** The highest epoch that Redis or the order log know: none up to it is given out again. */
  readonly knownEpoch: number;
  /**
   * Where the backup is older than the load: the epoch that the load opened, and the units to count
   * with until the log says otherwise.
   */
  readonly load: { readonly epoch: number; readonly stock: number } | undefined;
  /** The total that was last wanted; undefined where nothing is known behind the backup. */
  readonly stock: number | undefined;
  /** What an operator last said while it was selling: a sale that was stopped stays stopped. */
  readonly live: { readonly endAt: number; readonly paused: boolean } | undefined;
  /** Of the terms that Redis was told last: the next ones need a higher one. 0 where unknown. */
  readonly knownVersion: number;
  readonly now: number;
}

export interface RestoreStore {
  /**
   * Readies an activity, with an audit row; the fence of a LOADED one is asked to close. Nothing
   * goes back: epochs only rise. Repeated the same. False where there is no such activity.
   */
  readmitActivity(readmit: ReadmitActivity): Promise<boolean>;
  /** The last term that this database gave out for a job; 0 before the first. */
  lastTerm(job: string): Promise<number>;
  /** No job's next term is `least` or below. */
  raiseTerms(raise: { readonly jobs: readonly string[]; readonly least: number }): Promise<void>;
}
