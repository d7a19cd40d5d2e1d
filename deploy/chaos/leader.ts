// Which origin leads a job at this moment, by what each says of itself.
import type { Job } from '../../origin/leadership/leadership.ts';

const LOOK_WITHIN_MS = 1_000;

/** Its index among the actuators; undefined where nobody leads or the leader does not answer. */
export async function leaderOf(
  actuators: readonly string[],
  job: Job,
): Promise<number | undefined> {
  const terms = await Promise.all(actuators.map((actuator) => termOf(actuator, job)));
  const index = terms.findIndex((term) => term > 0);
  return index < 0 ? undefined : index;
}

async function termOf(actuator: string, job: Job): Promise<number> {
  try {
    const answer = await fetch(`${actuator}/actuator/prometheus`, {
      signal: AbortSignal.timeout(LOOK_WITHIN_MS),
    });
    const line = new RegExp(`^seckill_leader_term\\{job="${job}"\\} (\\d+)`, 'm');
    return Number(line.exec(await answer.text())?.[1] ?? 0);
  } catch {
    return 0;
  }
}
