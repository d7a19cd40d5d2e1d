// Live settings from where this stack keeps them.
import type { OriginConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { fileSettingsSource } from './file-settings.ts';
import type { LiveSettings } from './live-settings.ts';
import { type SettingEvent, watchSettings } from './watched-settings.ts';

export async function openSettings(
  config: OriginConfig,
  { log, onEvent }: { readonly log: Log; readonly onEvent: (event: SettingEvent) => void },
): Promise<LiveSettings> {
  if (config.STACK === 'embedded') {
    return watchSettings({
      source: fileSettingsSource(config.LIVE_SETTINGS_FILE, log),
      log,
      onEvent,
    });
  }
  // The embedded stack starts without the client libraries of the full one.
  const { etcdSettingsSource } = await import('./etcd-settings.ts');
  const place = { endpoints: config.ETCD_ENDPOINTS.split(','), prefix: config.ETCD_PREFIX };
  return watchSettings({ source: etcdSettingsSource(place, log), log, onEvent });
}
