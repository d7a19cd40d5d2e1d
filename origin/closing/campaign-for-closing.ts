// Takes part in the election of the job `close`.
import type { Metrics } from '../actuator/metrics.ts';
import type { Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { luaScript } from '../redis/lua.ts';
import { type ClosingOptions, runClosing } from './closing.ts';

type FromCaller =
  | 'store'
  | 'registry'
  | 'inventory'
  | 'edgeRedis'
  | 'userKey'
  | 'nudge'
  | 'onError';

export interface ClosingCampaign extends Pick<ClosingOptions, FromCaller> {
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
        log.info({ activityId, skuId }, 'activity closed');
        onClosed();
      },
      onWaiting: ({ activityId, skuId }, why) =>
        log.info({ activityId, skuId, why }, 'an ended activity cannot be closed yet'),
    }),
  );
}
