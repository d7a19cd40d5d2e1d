// What is known of activities outside a database that was put back from a backup.

/** A place in an activity's sequence. */
export interface Numbered {
  readonly epoch: number;
  readonly seq: number;
}

export const isBehind = (one: Numbered, other: Numbered): boolean =>
  one.epoch > other.epoch || (one.epoch === other.epoch && one.seq > other.seq);

/** An activity in the order log. */
export interface LoggedActivity {
  readonly activityId: string;
  readonly skuId: string;
  readonly first: Numbered;
  readonly newest: Numbered;
  /** Events behind what the database has applied; all of them where it has applied nothing. */
  readonly eventsBehind: number;
  /** Whether the log holds every event behind what the database has applied. */
  readonly reachesBack: boolean;
  /** The last total that was set behind it, and the highest; undefined where none was. */
  readonly lastStock: number | undefined;
  readonly mostStock: number | undefined;
  /** Units of all its reservations behind it. */
  readonly unitsReserved: number;
  /** Epoch ms of the first and the last event. */
  readonly from: number;
  readonly until: number;
  /** Of the first reservation behind it. */
  readonly sample: OrderSample | undefined;
}

export interface OrderSample {
  readonly price: number;
  readonly currency: string;
  readonly paymentWindowMs: number;
}

/** An activity that the inventory Redis serves. */
export interface ServedActivity {
  readonly activityId: string;
  readonly skuId: string;
  /** The epoch, and the number of its last event. */
  readonly newest: Numbered;
  /** The highest epoch that a rebuild has begun to open here. */
  readonly markedEpoch: number;
  /** The terms of leaders that stand here. */
  readonly terms: { readonly rebuild: number; readonly line: number };
  readonly sold: number;
  /** As its hash and the line's clock have them, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** As its hash has it; '' while selling. */
  readonly fence: string;
}
