// The port to where origins find each other: each tells where edges reach it and how it is, under a
// name that goes when it goes. On the full stack etcd stands behind it, on the embedded stack the
// single instance.

export interface OriginRecord {
  readonly instance: string;
  /** Under which edges call it: a name, with a port on a developer's machine. */
  readonly host: string;
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** 0 idle … 1 busy: the share of time that its event loop worked lately. */
  readonly load: number;
  /** Whether it can sell, as far as it knows. */
  readonly isReady: boolean;
}

/** A record as it was found, with a word that is another one after each renewal. */
export interface Sighting {
  readonly record: OriginRecord;
  readonly revision: string;
}

export interface Registration {
  /**
   * Keeps this origin registered, renewed each second, whatever becomes of the directory, until
   * `withdraw`. `read` tells how the origin is at the moment.
   */
  announce(read: () => OriginRecord): Announcement;
  /** All that are registered. Deadline: 2 s. Rejects when nobody can be asked. Safe to repeat. */
  list(): Promise<readonly Sighting[]>;
  close(): Promise<void>;
}

export interface Announcement {
  /** Takes the record back; never rejects, for one that cannot be reached runs out by itself. */
  withdraw(): Promise<void>;
}

/** Between two renewals of a record, and between two lists. */
export const RENEW_EVERY_MS = 1_000;
