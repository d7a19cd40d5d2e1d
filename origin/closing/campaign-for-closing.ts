// Takes part in the election of the job `close`.
import type { Metrics } from '../actuator/metrics.ts';
import type { Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { luaScript } from '../redis/lua.ts';
import type { Store } from '../store/store.ts';
import { type ClosingOptions, runClosing } from './closing.ts';

type FromCaller =
  | 'store'
  | 'registry'
  | 'inventory'
  | 'edgeRedis'
  | 'userKey'
  | 'nudge'
  | 'onError';

export interface ClosingCampaign extends Pick<ClosingOptions, Exclude<FromCaller, 'store'>> {
  readonly store: ClosingOptions['store'] & Pick<Store, 'summary'>;
  readonly leadership: Pick<Leadership, 'campaign'>;
  readonly metrics: Pick<Metrics, 'forgetSku'>;
  readonly log: Log;
  /** The next activity of the SKU may load. */
  readonly onClosed: () => void;
}

export function campaignForClosing(options: ClosingCampaign): void {
  const { leadership, metrics, log, onClosed, ...closing } = options;
  const scripts = {
    beginClosing: luaScript('begin-closing'),
    reopen: luaScript('reopen'),
    sweep: luaScript('sweep'),
    setStatus: luaScript('set-status'),
  };
  leadership.campaign('close', (lead) =>
    runClosing(lead, {
      ...closing,
      scripts,
      onClosed({ activityId, skuId }) {
        metrics.forgetSku(skuId);
        onClosed();
        void tellTotals(options, { activityId, skuId }).catch(options.onError);
      },
      onWaiting: ({ activityId, skuId }, why) =>
        log.info({ activityId, skuId, why }, 'an ended activity cannot be closed yet'),
    }),
  );
}

/** The last look at a sale: the script held every user to the limit, and the rows say so too. */
async function tellTotals(
  { store, log }: Pick<ClosingCampaign, 'store' | 'log'>,
  closed: { readonly activityId: string; readonly skuId: string },
): Promise<void> {
  const totals = await store.summary(closed.activityId);
  if (totals.overLimit > 0) log.error({ ...closed, ...totals }, 'users are over the limit');
  log.info({ ...closed, ...totals }, 'activity closed');
}
