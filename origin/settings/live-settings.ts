// The settings that an operator changes while everything runs: a closed list, each a text that is
// parsed at the door. What cannot be read changes nothing; the last good value stays in force.
import * as v from 'valibot';

const MAX_WEIGHTS = 100;
const MAX_WEIGHT = 100;
const MAX_RELAY_BATCH = 1_000;
const MAX_EXPIRY_BATCH = 1_000;

const wholeNumber = (max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,6}$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(max, `must be at most ${max}`),
  );

const points = v.pipe(
  v.number('must be a number of points'),
  v.minValue(0, 'must be 0 to 100'),
  v.maxValue(MAX_WEIGHT, 'must be 0 to 100'),
);
const ruleName = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9-]{1,63}$/, 'must be the name of a rule'),
);

/** Each setting by its name, with what it accepts. */
export const liveSettingSchemas = {
  /** The sale-wide switch: `off` and no purchase passes; places, orders and payments go on. */
  selling: v.picklist(['on', 'off'], 'must be on or off'),
  /** JSON: points of rules of the score in place of the built-in ones. */
  weights: v.pipe(
    v.string(),
    v.parseJson(undefined, 'must be JSON'),
    v.record(ruleName, points, 'must be an object'),
    v.check(
      (weights) => Object.keys(weights).length <= MAX_WEIGHTS,
      `may name at most ${MAX_WEIGHTS} rules`,
    ),
  ),
  /** Events that the relay hands to the order log in one batch. */
  relayBatchMax: wholeNumber(MAX_RELAY_BATCH),
  /** Unpaid orders that the expiry sweep takes in one round. */
  expiryBatchMax: wholeNumber(MAX_EXPIRY_BATCH),
} as const;

export type LiveSettingName = keyof typeof liveSettingSchemas;
export type LiveValues = {
  readonly [Name in LiveSettingName]: v.InferOutput<(typeof liveSettingSchemas)[Name]>;
};

export const LIVE_DEFAULTS: LiveValues = {
  selling: 'on',
  weights: {},
  relayBatchMax: MAX_RELAY_BATCH,
  expiryBatchMax: 500,
};

export const LIVE_SETTING_NAMES: readonly LiveSettingName[] = [
  'selling',
  'weights',
  'relayBatchMax',
  'expiryBatchMax',
];

export const isLiveSettingName = (name: string): name is LiveSettingName =>
  LIVE_SETTING_NAMES.some((known) => known === name);

/** What is in force at the moment of the call; read it at each use, keep nothing. */
export interface LiveSettings {
  current(): LiveValues;
  /** What stands at the source of each, in force or refused; who said so, where that is known. */
  standing(): readonly StandingSetting[];
  /** Resolves with the first texts; never while the source is away. */
  readonly firstRead: Promise<void>;
  close(): Promise<void>;
}

export interface StandingSetting {
  readonly name: LiveSettingName;
  /** Undefined: its default. */
  readonly text: string | undefined;
  readonly author: Author | undefined;
}

/** Who gave a setting the text that it has now. */
export interface Author {
  readonly by: string;
  /** Epoch ms, by the clock of whoever set it. */
  readonly at: number;
}

/** What a source says: texts, those that were kept, and the authors of texts that still stand. */
export interface SourceReading {
  readonly texts: SettingTexts;
  readonly kept: SettingTexts;
  readonly authors: ReadonlyMap<string, Author>;
}

/** Texts by the names of settings. */
export type SettingTexts = ReadonlyMap<string, string>;

/** Where settings stand as texts by name: etcd, or a file on the embedded stack. */
export interface SettingsSource {
  /**
   * Calls `onReading` with all that stands, now and again and again, until the signal aborts. Never
   * rejects: while the source is away nothing changes.
   */
  watch(onReading: (reading: SourceReading) => void, signal: AbortSignal): Promise<void>;
  /**
   * Keeps a text that is in force, for origins that start while something bad stands in its place;
   * undefined: the default is. Rejects when the source is away; safe to repeat.
   */
  keep(name: LiveSettingName, text: string | undefined): Promise<void>;
  /**
   * Gives a source that has lost its data a text that is in force, unless it has one again. Absent
   * where a source is not lost but taken away. Rejects when the source is away; safe to repeat.
   */
  readonly putBack?: (
    name: LiveSettingName,
    text: string,
    author: Author | undefined,
  ) => Promise<void>;
}
