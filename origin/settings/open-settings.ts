// Live settings from where this stack keeps them.
import { pauseFor } from '../backoff.ts';
import type { OriginConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { fileSettingsSource } from './file-settings.ts';
import type { LiveSettings, SettingsSource } from './live-settings.ts';
import { type SettingEvent, watchSettings } from './watched-settings.ts';

const FIRST_READ_WITHIN_MS = 3_000;

export async function openSettings(
  config: OriginConfig,
  { log, onEvent }: { readonly log: Log; readonly onEvent: (event: SettingEvent) => void },
): Promise<LiveSettings> {
  const source = await openSource(config, log);
  const settings = watchSettings({ source, log, onEvent });
  // What is switched off must not be on for a moment; without its source the origin starts all the same.
  const late = new AbortController();
  await Promise.race([settings.firstRead, pauseFor(FIRST_READ_WITHIN_MS, late.signal)]);
  late.abort();
  return settings;
}

async function openSource(config: OriginConfig, log: Log): Promise<SettingsSource> {
  if (config.STACK === 'embedded') return fileSettingsSource(config.LIVE_SETTINGS_FILE, log);
  // The embedded stack starts without the client libraries of the full one.
  const { etcdSettingsSource } = await import('./etcd-settings.ts');
  const place = { endpoints: config.ETCD_ENDPOINTS.split(','), prefix: config.ETCD_PREFIX };
  return etcdSettingsSource(place, log);
}
