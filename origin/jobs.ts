// The jobs that one instance at a time runs for the activities: load, line, rebuild.

import { runKeepTerms } from './activities/keep-terms.ts';
import { runLoad } from './activities/load.ts';
import type { ActivityRegistry } from './activities/registry.ts';
import type { FailedWork, Metrics } from './actuator/metrics.ts';
import { campaignForClosing } from './closing/campaign-for-closing.ts';
import { abandonedSweep } from './closing/open-sweep.ts';
import type { OriginConfig } from './config.ts';
import type { Dependencies } from './dependencies.ts';
import { campaignForDraws } from './draw/campaign-for-draws.ts';
import { drawStatusOf } from './draw/draw-status.ts';
import { campaignForExpiry } from './expiry/campaign-for-expiry.ts';
import { campaignForWatcher } from './fence/campaign.ts';
import { type RebuildEvent, watchFences } from './fence/watch.ts';
import type { Selling } from './inventory/open-inventory.ts';
import { campaignForLine } from './line/campaign-for-line.ts';
import type { Log } from './log.ts';
import { createNudge, type Nudges } from './nudge.ts';
import type { Till } from './payments/open-payments.ts';
import { campaignForPayments } from './payments/sweep.ts';
import { luaScript } from './redis/lua.ts';
import { campaignForOrigins } from './registration/campaign.ts';
import { createRegistrationMetrics } from './registration/metrics.ts';
import { campaignForSettings } from './settings/campaign-for-settings.ts';
import type { LiveSettings } from './settings/live-settings.ts';

export interface JobsOptions extends Selling, Till {
  readonly config: OriginConfig;
  readonly dependencies: Dependencies;
  readonly registry: ActivityRegistry;
  readonly settings: LiveSettings;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly userKey: (userId: string) => string;
  /** Wakes the loader and the line when an activity was made here. */
  readonly nudges: Nudges;
}

export function campaignForJobs(options: JobsOptions): void {
  campaignForLoad(options);
  const { store, link: inventory, edgeRedis, leadership } = options.dependencies;
  campaignForLine({
    ...{ store, inventory, edgeRedis, leadership, metrics: options.metrics, log: options.log },
    ...{ registry: options.registry, nudge: options.nudges.line, drawStatusOf },
    onError: failing(options, 'line'),
  });
  campaignForDraws({
    ...{ store, edgeRedis, leadership, registry: options.registry, nudge: createNudge() },
    onClosed: ({ activityId, skuId }, entries) =>
      options.log.info({ activityId, skuId, entries }, 'the entries of a draw are closed'),
    onError: failing(options, 'draw'),
  });
  campaignForAdjust(options);
  campaignForClosing({
    ...{ store, inventory, edgeRedis, leadership, userKey: options.userKey },
    ...{ registry: options.registry, metrics: options.metrics, log: options.log },
    nudge: options.nudges.close,
    onClosed: () => options.nudges.load.nudge(),
    onError: failing(options, 'close'),
  });
  campaignForRebuild(options);
  const { registry, payments, log, config, paymentMetrics } = options;
  campaignForPayments(leadership, {
    ...{ payments, store, registry, onError: failing(options, 'payments') },
  });
  campaignForExpiry({
    ...{ leadership, link: inventory, registry, log, store, payments, metrics: paymentMetrics },
    ...{ inventory: options.inventory, gateway: options.gateway },
    graceMs: config.PAYMENT_GRACE_SECONDS * 1_000,
    perRound: () => options.settings.current().expiryBatchMax,
    onError: failing(options, 'expiry'),
  });
  campaignForWatcher({
    ...{ store, link: inventory, leadership, registry: options.registry },
    ...{ metrics: options.metrics, log: options.log, onError: failing(options, 'watcher') },
  });
  campaignForSettings({
    ...{ store, leadership, settings: options.settings },
    onError: failing(options, 'settings'),
  });
  campaignForOrigins({
    ...options,
    metrics: createRegistrationMetrics(options.metrics.registry),
    onError: failing(options, 'origins'),
  });
}

function campaignForLoad(options: JobsOptions): void {
  const { config, dependencies, registry, metrics, log, nudges } = options;
  const { store, link, leadership } = dependencies;
  const script = luaScript('load');
  leadership.campaign('load', (lead) =>
    runLoad(lead, {
      store,
      registry,
      inventory: link,
      script,
      reviseScript: luaScript('revise'),
      sweepAbandoned: abandonedSweep(options, lead.signal),
      loadAheadSeconds: config.LOAD_AHEAD_SECONDS,
      nudge: nudges.load,
      onOutcome({ activityId, skuId }, { kind }) {
        metrics.loaded(kind);
        log.info({ activityId, skuId, outcome: kind }, 'activity load');
        nudges.line.nudge();
      },
      onError: failing(options, 'load'),
    }),
  );
}

function campaignForAdjust(options: JobsOptions): void {
  const { dependencies, registry, inventory, nudges } = options;
  const { store, link, leadership } = dependencies;
  const script = luaScript('revise');
  const onError = failing(options, 'adjust');
  const keep = { link, store, inventory, script, registry, nudge: nudges.adjust, onError };
  leadership.campaign('adjust', (lead) => runKeepTerms(lead, keep));
}

function campaignForRebuild(options: JobsOptions): void {
  const { dependencies, registry, metrics, log, userKey } = options;
  const { store, link, leadership } = dependencies;
  const scripts = {
    closeFence: luaScript('close-fence'),
    appendEpoch: luaScript('append-epoch'),
    restoreStock: luaScript('restore-stock'),
    restoreOrders: luaScript('restore-orders'),
    forgetOrders: luaScript('forget-orders'),
    restoreUsers: luaScript('restore-users'),
    restoreLapses: luaScript('restore-lapses'),
    openFence: luaScript('open-fence'),
  };
  function onRebuild(event: RebuildEvent): void {
    const { activityId, skuId } = event.activity;
    if (event.kind === 'closed') {
      metrics.fence(skuId, 'closed');
      log.warn({ activityId, skuId, reason: event.reason }, 'fence closed, rebuilding');
      return;
    }
    log.info({ activityId, skuId, ...event.result }, 'rebuild ended');
    if (event.result.kind !== 'opened') return;
    metrics.fence(skuId, 'open');
    void registry.refresh().catch(failing(options, 'registry'));
  }
  const onError = failing(options, 'rebuild');
  leadership.campaign('rebuild', (lead) =>
    watchFences({ link, store, scripts, userKey, onRebuild, onError }, lead),
  );
}

function failing({ metrics, log }: JobsOptions, work: FailedWork) {
  return (error: unknown): void => {
    metrics.failed(work);
    log.warn({ err: error, work }, 'a round failed; the next one tries again');
  };
}
