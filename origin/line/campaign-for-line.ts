// Takes part in the election of the job `line`, and makes its watch out of metrics and log.
import type { Metrics } from '../actuator/metrics.ts';
import type { Lead, Leadership } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { luaScript } from '../redis/lua.ts';
import { createSpeeds, type LineSpeed } from './health/speeds.ts';
import { type LineOptions, runLine } from './line.ts';
import { createLineMetrics } from './metrics.ts';

export interface LineCampaign
  extends Pick<
    LineOptions,
    'store' | 'registry' | 'edgeRedis' | 'inventory' | 'nudge' | 'drawStatusOf' | 'onError'
  > {
  readonly leadership: Pick<Leadership, 'campaign'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

export function campaignForLine(options: LineCampaign): void {
  const { leadership, metrics, log, ...line } = options;
  const scripts = { setClock: luaScript('set-clock'), setStatus: luaScript('set-status') };
  const lineMetrics = createLineMetrics(metrics.registry);
  leadership.campaign('line', (lead: Lead) => {
    const told = new Map<string, LineSpeed>();
    const speeds = createSpeeds({
      redis: line.edgeRedis,
      onStep: (_loop, pressure) => lineMetrics.pressure(pressure),
    });
    return runLine(lead, {
      ...line,
      scripts,
      speeds,
      watch: {
        status: ({ skuId, waiting }, stock) => metrics.line(skuId, { waiting, stock }),
        gone(skuId) {
          metrics.forgetSku(skuId);
          lineMetrics.forgetSku(skuId);
          told.delete(skuId);
        },
        called: (places) => metrics.funnel('called', places),
        scored: (score) => lineMetrics.scored(score),
        speed(skuId, now) {
          lineMetrics.speed(skuId, now);
          const before = told.get(skuId);
          if (before?.speed === now.speed && before.reason === now.reason) return;
          told.set(skuId, now);
          log.info({ skuId, ...now }, 'the speed of the line');
        },
      },
    });
  });
}
