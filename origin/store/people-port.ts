// The database's side of forgetting a person.

export interface ForgetUser {
  readonly userId: string;
  /** What stands in place of the user id from then on; says nothing about it. */
  readonly pseudonym: string;
  /** Orders of one call. */
  readonly limit: number;
  /** Whom the audit rows name. */
  readonly actor: string;
  readonly now: number;
}

export interface PeopleStore {
  /**
   * Takes the user's name off orders and decided dead letters of closed activities, with an audit
   * row for each activity. Returns how many orders; fewer than `limit` when none is left. Safe to
   * repeat.
   */
  forgetUser(forget: ForgetUser): Promise<number>;
  /**
   * A user's orders of an activity whose time to pay was over by `now` count as unpaid expiries no
   * longer (`lapsesPage`). Safe to repeat.
   */
  liftLapses(lift: {
    readonly activityId: string;
    readonly userId: string;
    readonly now: number;
  }): Promise<void>;
}
