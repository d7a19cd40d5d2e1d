// One call of a script about an activity: bound to the server and the epoch that the registry names.
import type { ActivityRegistry } from '../activities/registry.ts';
import { hasNotRun } from '../redis/has-not-run.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';
import type { SeenSequences } from '../reserve/seen.ts';
import type { ActivityRow } from '../store/store.ts';
import { parseAnswer, type ScriptAnswer } from './answer.ts';
import type { Unready } from './inventory.ts';

export interface AskOptions {
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly registry: Pick<ActivityRegistry, 'byId' | 'refresh'>;
  readonly seen: SeenSequences;
  /** Whether everything that the SKU's server has answered is as durable as configured. */
  readonly isDurable: (skuId: string) => Promise<boolean>;
  /** Hears that an activity's data cannot be trusted. */
  readonly onDistrust: (activity: ActivityRow, reason: string) => void;
  /** Hears what Redis answered instead of a decision. */
  readonly onError: (error: unknown) => void;
}

type Arguments = readonly (string | number)[];

/** The activity where Redis may be asked about it now, or why it may not. */
export async function ready(
  options: AskOptions,
  activityId: string,
): Promise<{ readonly kind: 'ready'; readonly activity: ActivityRow } | Unready> {
  const { link, registry, onDistrust, onError } = options;
  let activity = registry.byId(activityId);
  if (activity?.state !== 'LOADED') {
    // It may have been loaded a moment ago, by another instance.
    try {
      await registry.refresh();
    } catch (error) {
      onError(error);
      return { kind: 'away' };
    }
    activity = registry.byId(activityId);
  }
  if (activity?.state !== 'LOADED') return { kind: 'not-loaded' };
  const runId = link.runId(activity.skuId);
  if (runId === undefined) return { kind: 'away' };
  if (runId === activity.runId) return { kind: 'ready', activity };
  onDistrust(activity, 'redis-replaced');
  return { kind: 'fenced' };
}

/** What a script can have decided, or why it has not. */
export type Asked = Exclude<ScriptAnswer, { kind: 'fenced' }> | Unready;

/** What the script said, where it decided; `args` follow activity id, epoch and highest number. */
export async function ask(
  options: AskOptions,
  { script, activity }: { readonly script: Script; readonly activity: ActivityRow },
  { keys, args }: { readonly keys: readonly string[]; readonly args: Arguments },
): Promise<Asked> {
  const { link, seen, isDurable, onError } = options;
  const { activityId, epoch, skuId, runId } = activity;
  // A cluster may have given the SKU to another server since this one was found ready.
  if (link.runId(skuId) !== runId) return { kind: 'away' };
  try {
    const all = [activityId, epoch, seen.get(activityId, epoch), ...args];
    const answer = parseAnswer(String(await script.run(link.redis, keys, all)), epoch);
    if (answer.kind === 'fenced') {
      distrust(options, activity, answer.why);
      return { kind: 'fenced' };
    }
    if ('seq' in answer) seen.raise(activityId, { epoch, seq: answer.seq });
    return (await isDurable(skuId)) ? answer : { kind: 'ambiguous' };
  } catch (error) {
    onError(error);
    return { kind: hasNotRun(error) ? 'away' : 'ambiguous' };
  }
}

type Why = Extract<ScriptAnswer, { kind: 'fenced' }>['why'];

const REASONS: Readonly<Record<Exclude<Why, 'closed'>, string>> = {
  stale: 'epoch-stale',
  behind: 'redis-behind',
  missing: 'keys-missing',
  fork: 'receipt-unknown',
};

function distrust({ onDistrust }: AskOptions, activity: ActivityRow, why: Why): void {
  if (why !== 'closed') onDistrust(activity, REASONS[why]);
}
