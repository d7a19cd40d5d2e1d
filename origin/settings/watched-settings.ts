// Live settings kept up to date from their source. What is refused is told once and changes
// nothing; a setting that is removed has its default again.
import * as v from 'valibot';
import type { Log } from '../log.ts';
import {
  isLiveSettingName,
  LIVE_DEFAULTS,
  LIVE_SETTING_NAMES,
  type LiveSettingName,
  type LiveSettings,
  type LiveValues,
  liveSettingSchemas,
  type SettingsSource,
  type SettingTexts,
  type SourceReading,
} from './live-settings.ts';

export interface WatchedSettingsOptions {
  readonly source: SettingsSource;
  readonly log: Log;
  readonly onEvent: (event: SettingEvent) => void;
}

export type SettingEvent = 'applied' | 'refused' | 'put-back';

export interface SettingRefusal {
  readonly name: string;
  readonly faults: readonly string[];
}

const UNKNOWN: readonly string[] = ['there is no such setting'];

export function watchSettings({ source, log, onEvent }: WatchedSettingsOptions): LiveSettings {
  const ending = new AbortController();
  const first = Promise.withResolvers<void>();
  let values = LIVE_DEFAULTS;
  let texts: SettingTexts = new Map();
  let authors: SourceReading['authors'] = new Map();
  /** Whether the last reading held anything that was kept. */
  let hasKept = false;
  /** Texts of what is in force. */
  const inForce = new Map<LiveSettingName, string>();

  function apply(name: LiveSettingName, text: string | undefined): readonly string[] {
    const read = readSetting(name, text);
    if (read.kind === 'refused') return read.faults;
    values = Object.freeze({ ...values, ...read.value });
    if (text === undefined) inForce.delete(name);
    else inForce.set(name, text);
    return [];
  }

  function take(reading: SourceReading): void {
    const { texts: next, kept, authors: signed } = reading;
    if (hasKept && inForce.size > 0 && isEmpty(reading) && source.putBack !== undefined) {
      // Nobody removes even what was kept: the source has lost its data. What is in force stays.
      log.error({ settings: [...inForce.keys()] }, 'the source of live settings is empty');
      for (const [name, text] of inForce) putBack(name, text);
      return;
    }
    hasKept = kept.size > 0;
    authors = signed;
    const changed = [...new Set([...texts.keys(), ...next.keys()])].filter(
      (name) => texts.get(name) !== next.get(name),
    );
    texts = next;
    for (const name of changed) {
      if (!isLiveSettingName(name) && !next.has(name)) continue;
      const faults = isLiveSettingName(name) ? apply(name, next.get(name)) : UNKNOWN;
      if (faults.length > 0) {
        onEvent('refused');
        log.warn({ setting: name, faults }, 'a live setting was refused');
        // Whoever starts now goes on with what the others have.
        if (isLiveSettingName(name) && !inForce.has(name)) apply(name, kept.get(name));
        continue;
      }
      onEvent('applied');
      const value = next.get(name) ?? 'default';
      log.info({ setting: name, value, by: signed.get(name)?.by }, 'a live setting changed');
    }
    for (const name of LIVE_SETTING_NAMES) {
      if (inForce.get(name) !== kept.get(name)) keep(name);
    }
    first.resolve();
  }
  function putBack(name: LiveSettingName, text: string): void {
    const done = source.putBack?.(name, text, authors.get(name)) ?? Promise.resolve();
    done.then(
      () => onEvent('put-back'),
      // Asked again with the next texts.
      (error: unknown) => log.debug({ err: error, setting: name }, 'a setting is not put back yet'),
    );
  }
  function keep(name: LiveSettingName): void {
    source.keep(name, inForce.get(name)).catch((error: unknown) => {
      // Asked again with the next texts.
      log.debug({ err: error, setting: name }, 'a live setting could not be kept');
    });
  }
  const watching = source.watch(take, ending.signal);

  return {
    current: () => values,
    standing: () =>
      LIVE_SETTING_NAMES.map((name) => ({
        name,
        text: texts.get(name),
        author: authors.get(name),
      })),
    firstRead: first.promise,
    async close() {
      ending.abort();
      await watching;
    },
  };
}

const isEmpty = ({ texts, kept, authors }: SourceReading): boolean =>
  texts.size + kept.size + authors.size === 0;

export type ReadSetting =
  | { readonly kind: 'value'; readonly value: Partial<LiveValues> }
  | { readonly kind: 'refused'; readonly faults: readonly string[] };

/** The value that a text stands for; the default's where there is no text. */
export function readSetting(name: string, text: string | undefined): ReadSetting {
  if (!isLiveSettingName(name)) return { kind: 'refused', faults: UNKNOWN };
  if (text === undefined) return { kind: 'value', value: { [name]: LIVE_DEFAULTS[name] } };
  return parseSetting(name, text);
}

function parseSetting(name: LiveSettingName, text: string): ReadSetting {
  const parsed = v.safeParse(liveSettingSchemas[name], text);
  return parsed.success
    ? { kind: 'value', value: { [name]: parsed.output } }
    : { kind: 'refused', faults: parsed.issues.map(({ message }) => message) };
}
