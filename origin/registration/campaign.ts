// Puts this instance up for the job `origins`.
import type { OriginConfig } from '../config.ts';
import type { Dependencies } from '../dependencies.ts';
import { luaScript } from '../redis/lua.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import type { RegistrationMetrics } from './metrics.ts';
import { runPublish } from './publish.ts';

export interface CampaignOptions {
  readonly config: Pick<OriginConfig, 'EDGE_SIGNATURE_KEYS'>;
  readonly dependencies: Pick<Dependencies, 'registration' | 'edgeRedis' | 'leadership'>;
  readonly settings: LiveSettings;
  readonly metrics: RegistrationMetrics;
  readonly onError: (error: unknown) => void;
}

export function campaignForOrigins(options: CampaignOptions): void {
  const { config, dependencies, settings, metrics, onError } = options;
  const { registration, edgeRedis, leadership } = dependencies;
  const script = luaScript('set-origins');
  leadership.campaign('origins', async (lead) => {
    try {
      await runPublish(lead, {
        registration,
        settings,
        edgeRedis,
        script,
        signatureKeys: config.EDGE_SIGNATURE_KEYS,
        onPublished: (count) => metrics.published(count),
        onError,
      });
    } finally {
      metrics.published(0);
    }
  });
}
