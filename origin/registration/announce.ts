// This origin's own record: where edges reach it, how busy it is, whether it can sell.
import type { OriginConfig } from '../config.ts';
import { createLoadMeter } from './load-meter.ts';
import type { Announcement, Registration } from './registration.ts';

export interface AnnounceOptions {
  readonly config: OriginConfig;
  readonly registration: Registration;
  /** Where it listens, as a URL. */
  readonly url: string;
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly isReady: () => boolean;
}

export function announceOrigin(options: AnnounceOptions): Announcement {
  const { config, registration, url, version, isReady } = options;
  const readLoad = createLoadMeter();
  const startedAt = new Date(options.startedAt).toISOString();
  const host = hostOf(config, url);
  return registration.announce(() => ({
    instance: config.INSTANCE,
    host,
    version,
    startedAt,
    load: readLoad(),
    isReady: isReady(),
  }));
}

/** On a developer's machine origins share one name and differ by their port. */
function hostOf({ PROFILE, ORIGIN_HOSTNAMES }: OriginConfig, url: string): string {
  const name = (ORIGIN_HOSTNAMES.split(',')[0] ?? '').trim();
  return PROFILE === 'local' || PROFILE === 'testing' ? `${name}:${new URL(url).port}` : name;
}
