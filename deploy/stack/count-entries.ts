// How many purchases an origin has been sent by the edge since it started, as its actuator says.

const ENTERED = /^seckill_funnel_total\{stage="entered"\} (\d+)/m;

/** undefined where there is no answer within `withinMs`. */
export async function countEntries(
  actuator: string,
  withinMs: number,
): Promise<number | undefined> {
  try {
    const answer = await fetch(`${actuator}/actuator/prometheus`, {
      signal: AbortSignal.timeout(withinMs),
    });
    const count = ENTERED.exec(await answer.text())?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
