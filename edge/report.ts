// Tells the origin, behind an answer, what this isolate has counted. What is lost is lost.
import { EDGE_EVENTS_PATH } from '../shared/edge-events.ts';
import type { Call } from './call.ts';
import type { Edge } from './edge.ts';

const TIMEOUT_MS = 2_000;

export function createReport({ counts, askOrigin }: Pick<Edge, 'counts' | 'askOrigin'>) {
  return function report(call: Call): void {
    const taken = counts.take(Date.now());
    if (taken === undefined) return;
    const body = new TextEncoder().encode(JSON.stringify({ counts: taken }));
    const errand = { method: 'POST', path: EDGE_EVENTS_PATH, body, claims: {} } as const;
    call.defer(askOrigin({ ...errand, timeoutMs: TIMEOUT_MS }, call).then(() => undefined));
  };
}
