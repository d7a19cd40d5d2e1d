// The watcher's part in the election of its leader.
import type { Registry } from 'prom-client';
import type { Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { luaScript } from '../redis/lua.ts';
import { createWatcherMetrics } from './metrics.ts';
import { type WatcherOptions, watchStock } from './watcher.ts';

export interface WatcherCampaign extends Omit<WatcherOptions, 'script' | 'onBreach'> {
  readonly leadership: Leadership;
  readonly metrics: { readonly registry: Registry };
  readonly log: Log;
}

export function campaignForWatcher(options: WatcherCampaign): void {
  const { leadership, metrics, log } = options;
  const script = luaScript('watch-stock');
  const { breached } = createWatcherMetrics(metrics.registry);
  leadership.campaign('watcher', (lead) =>
    watchStock(lead, {
      ...options,
      script,
      onBreach({ activityId, skuId }, breach) {
        breached(breach);
        log.error({ activityId, skuId, breach }, 'the watcher closes the fence');
      },
    }),
  );
}
