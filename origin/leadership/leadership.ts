// The port to leadership: one instance at a time runs a job, with a term that grows at each change.
// On the full stack etcd elections stand behind it, on the embedded stack the single instance.

/** The jobs that one instance at a time runs. */
export const JOBS = [
  'relay',
  'line',
  'rebuild',
  'watcher',
  'load',
  'adjust',
  'close',
  'draw',
  'payments',
  'expiry',
  'origins',
  'settings',
] as const;
export type Job = (typeof JOBS)[number];

export interface Lead {
  readonly job: Job;
  /** Grows at every change of leader; stands on every write that an old leader must not make. */
  readonly term: number;
  /** Aborted when leadership is lost or given up; the job must end soon after. */
  readonly signal: AbortSignal;
}

export interface Leadership {
  /**
   * Takes part in the election of a job, again and again until `close`. Whenever this instance
   * leads, `run` is called; when it returns or throws while leading, leadership is given up and
   * taken part in again after a pause.
   */
  campaign(job: Job, run: (lead: Lead) => Promise<void>): void;
  /** The jobs that this instance leads at the moment, with their terms. */
  leads(): readonly { readonly job: Job; readonly term: number }[];
  ping(): Promise<void>;
  /** Gives up every lead (successors need not wait for a lease to run out) and resolves when all jobs ended. */
  close(): Promise<void>;
}
