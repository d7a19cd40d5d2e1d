// The server's time as far as the page can know it: a wrong clock here must not cost a place.

let offsetMs = 0;

/** Learns from an answer that tells the server's time. */
export function learnServerTime(serverTimeMs: number): void {
  offsetMs = serverTimeMs - Date.now();
}

export function serverNow(): number {
  return Date.now() + offsetMs;
}
