// Health of what the origin depends on: each part asked with a deadline, all at once.

export interface HealthCheck {
  readonly name: string;
  /** Resolves when the part answers; any rejection means that it does not. */
  readonly check: () => Promise<unknown>;
  /** Whether traffic must stay away while this part is down; `health` only tells. */
  readonly neededFor: 'readiness' | 'health';
}

export type Status = 'UP' | 'DOWN';

export interface Health {
  readonly status: Status;
  readonly components: Readonly<Record<string, { readonly status: Status; readonly ms: number }>>;
}

export interface HealthOptions {
  /** Hears why a part is down: the answer tells only that it is. */
  readonly onDown: (name: string, cause: unknown) => void;
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 1_000;

/**
 * Makes a function that asks all checks. A check that is still under way is not asked again:
 * probes cannot pile up behind a part that hangs.
 */
export function createHealth(
  checks: readonly HealthCheck[],
  { onDown, deadlineMs = DEADLINE_MS }: HealthOptions,
): (neededFor: HealthCheck['neededFor']) => Promise<Health> {
  const underWay = new Map<string, Promise<Status>>();

  async function answerOf({ name, check }: HealthCheck): Promise<Status> {
    try {
      await check();
      return 'UP';
    } catch (cause) {
      onDown(name, cause);
      return 'DOWN';
    }
  }
  function ask(check: HealthCheck): Promise<Status> {
    const asked = underWay.get(check.name);
    if (asked !== undefined) return asked;
    const answer = answerOf(check);
    underWay.set(check.name, answer);
    void answer.then(() => underWay.delete(check.name));
    return answer;
  }

  return async function health(neededFor) {
    const asked = checks.filter((check) => neededFor === 'health' || check.neededFor === neededFor);
    const components = await Promise.all(
      asked.map(async (check) => {
        const startedAt = performance.now();
        const status = await within(ask(check), deadlineMs);
        return [check.name, { status, ms: Math.round(performance.now() - startedAt) }] as const;
      }),
    );
    const isUp = components.every(([, { status }]) => status === 'UP');
    return { status: isUp ? 'UP' : 'DOWN', components: Object.fromEntries(components) };
  };
}

async function within(status: Promise<Status>, deadlineMs: number): Promise<Status> {
  const { promise, resolve } = Promise.withResolvers<Status>();
  const timer = setTimeout(() => resolve('DOWN'), deadlineMs);
  try {
    return await Promise.race([status, promise]);
  } finally {
    clearTimeout(timer);
  }
}
