// Live settings kept up to date from their source. What is refused is told once and changes
// nothing; a setting that is removed has its default again.
import * as v from 'valibot';
import type { Log } from '../log.ts';
import {
  isLiveSettingName,
  LIVE_DEFAULTS,
  type LiveSettingName,
  type LiveSettings,
  type LiveValues,
  liveSettingSchemas,
  type SettingsSource,
} from './live-settings.ts';

export interface WatchedSettingsOptions {
  readonly source: SettingsSource;
  readonly log: Log;
  readonly onEvent: (event: SettingEvent) => void;
}

export type SettingEvent = 'applied' | 'refused';

export interface SettingRefusal {
  readonly name: string;
  readonly faults: readonly string[];
}

export function watchSettings({ source, log, onEvent }: WatchedSettingsOptions): LiveSettings {
  const ending = new AbortController();
  let values = LIVE_DEFAULTS;
  let texts: ReadonlyMap<string, string> = new Map();

  function take(next: ReadonlyMap<string, string>): void {
    const changed = [...new Set([...texts.keys(), ...next.keys()])].filter(
      (name) => texts.get(name) !== next.get(name),
    );
    texts = next;
    for (const name of changed) {
      if (!isLiveSettingName(name) && !next.has(name)) continue;
      const read = readSetting(name, next.get(name));
      if (read.kind === 'refused') {
        onEvent('refused');
        log.warn({ setting: name, faults: read.faults }, 'a live setting was refused');
        continue;
      }
      values = Object.freeze({ ...values, ...read.value });
      onEvent('applied');
      log.info({ setting: name, value: next.get(name) ?? 'default' }, 'a live setting changed');
    }
  }
  const watching = source.watch(take, ending.signal);

  return {
    current: () => values,
    async close() {
      ending.abort();
      await watching;
    },
  };
}

export type ReadSetting =
  | { readonly kind: 'value'; readonly value: Partial<LiveValues> }
  | { readonly kind: 'refused'; readonly faults: readonly string[] };

/** The value that a text stands for; the default's where there is no text. */
export function readSetting(name: string, text: string | undefined): ReadSetting {
  if (!isLiveSettingName(name)) return { kind: 'refused', faults: ['there is no such setting'] };
  if (text === undefined) return { kind: 'value', value: { [name]: LIVE_DEFAULTS[name] } };
  return parseSetting(name, text);
}

function parseSetting(name: LiveSettingName, text: string): ReadSetting {
  const parsed = v.safeParse(liveSettingSchemas[name], text);
  return parsed.success
    ? { kind: 'value', value: { [name]: parsed.output } }
    : { kind: 'refused', faults: parsed.issues.map(({ message }) => message) };
}
