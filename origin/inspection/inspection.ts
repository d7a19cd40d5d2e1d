// Whether the services that are reachable are set up as promised: asked once, by an operator.

export interface Inspection {
  readonly name: 'redis' | 'edgeRedis' | 'database' | 'orderLog' | 'etcd';
  /** All that is wrong, and the server's clock where it has one. Rejects when it is not reachable. */
  readonly inspect: () => Promise<Found>;
}

export interface Found {
  readonly faults: readonly string[];
  /** The server's clock, epoch ms, and how long it took to ask. */
  readonly clock?: { readonly serverMs: number; readonly tookMs: number };
}

export type Inspected = {
  readonly name: Inspection['name'];
  readonly status: 'as promised' | 'not as promised' | 'not reachable';
  readonly faults: readonly string[];
};

const DEADLINE_MS = 10_000;
/** Tickets, signatures and windows bear 30 s; a healthy fleet is far closer. */
const SKEW_MS = 1_000;

/** All at once, each with a deadline. */
export function inspectAll(inspections: readonly Inspection[]): Promise<Inspected[]> {
  return Promise.all(inspections.map(inspectOne));
}

async function inspectOne({ name, inspect }: Inspection): Promise<Inspected> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${DEADLINE_MS / 1_000} s`)),
    DEADLINE_MS,
  );
  try {
    const found = await Promise.race([inspect(), late.promise]);
    const faults = [...found.faults, ...skewFaults(found.clock)];
    return { name, status: faults.length === 0 ? 'as promised' : 'not as promised', faults };
  } catch (error) {
    const fault = error instanceof Error ? error.message || error.name : String(error);
    return { name, status: 'not reachable', faults: [fault] };
  } finally {
    clearTimeout(timer);
  }
}

/** Asking takes time: only what is beyond that is skew. */
export function skewFaults(clock: Found['clock'], nowMs = Date.now()): string[] {
  if (clock === undefined) return [];
  const skewMs = Math.abs(nowMs - clock.serverMs) - clock.tookMs;
  return skewMs > SKEW_MS ? [`its clock and this host's differ by ${Math.round(skewMs)} ms`] : [];
}
