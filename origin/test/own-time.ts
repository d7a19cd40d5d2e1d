// Time that passes only while this process runs: it tells what the product took from what a busy
// machine took, on which a process may stand still for a second at any line.
const TICK_MS = 20;

/** How long work takes; a stop of this process counts as one tick, however long it was. */
export async function ownMsOf(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, TICK_MS);
  try {
    await work();
    return ticks * TICK_MS;
  } finally {
    clearInterval(timer);
  }
}
