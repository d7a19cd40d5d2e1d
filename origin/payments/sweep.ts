// The job `payments`: decides about payments that nobody could decide about when they came, and
// gives back what is due for refund.
import type { ActivityRegistry } from '../activities/registry.ts';
import { pauseFor } from '../backoff.ts';
import type { Lead, Leadership } from '../leadership/leadership.ts';
import type { PaymentsStore } from '../store/payments-port.ts';
import type { Payments } from './payments.ts';

export interface SweepOptions {
  readonly payments: Payments;
  readonly store: Pick<PaymentsStore, 'hastenPayments'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  readonly onError: (error: unknown) => void;
}

const ROUND_MS = 250;
const PER_ROUND = 200;

export function campaignForPayments(leadership: Leadership, options: SweepOptions): void {
  leadership.campaign('payments', (lead) => sweepPayments(lead, options));
}

async function sweepPayments(
  lead: Lead,
  { payments, store, registry, onError }: SweepOptions,
): Promise<void> {
  let epochs = epochsOf(registry);
  // Whoever led before may have died with payments in hand.
  await store.hastenPayments(Date.now()).catch(onError);
  while (!lead.signal.aborted) {
    try {
      const present = epochsOf(registry);
      // A rebuild may have lost what Redis knew of payments: they are settled again.
      if (hasRisen(epochs, present)) await store.hastenPayments(Date.now());
      epochs = present;
      if ((await payments.sweep(PER_ROUND)) === PER_ROUND) continue;
    } catch (error) {
      onError(error);
    }
    await pauseFor(ROUND_MS, lead.signal);
  }
}

type Epochs = ReadonlyMap<string, number>;

const epochsOf = (registry: SweepOptions['registry']): Epochs =>
  new Map(registry.all().map(({ activityId, epoch }) => [activityId, epoch]));

const hasRisen = (before: Epochs, after: Epochs): boolean =>
  [...after].some(([activityId, epoch]) => epoch > (before.get(activityId) ?? epoch));
