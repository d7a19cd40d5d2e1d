import * as v from 'valibot';
import { expect, it } from 'vitest';
import {
  LIVE_DEFAULTS,
  LIVE_SETTING_NAMES,
  type LiveSettingName,
  liveSettingSchemas,
} from './live-settings.ts';

const isGood = (name: LiveSettingName, text: string) =>
  v.safeParse(liveSettingSchemas[name], text).success;

it.each([
  ['selling', 'off'],
  ['weights', '{"burst":0,"webdriver":100}'],
  ['relayBatchMax', '1'],
  ['expiryBatchMax', '1000'],
] as const)('%s may be %s', (name, text) => {
  expect(isGood(name, text)).toBe(true);
});

it.each([
  ['selling', 'OFF'],
  ['weights', '{"burst":101}'],
  ['weights', '{"Burst":1}'],
  ['weights', '[1]'],
  ['weights', '{'],
  ['relayBatchMax', '0'],
  ['relayBatchMax', '1e3'],
  ['expiryBatchMax', '1001'],
] as const)('%s may not be %s', (name, text) => {
  expect(isGood(name, text)).toBe(false);
});

it('every setting has a default', () => {
  expect(Object.keys(LIVE_DEFAULTS).sort()).toEqual([...LIVE_SETTING_NAMES].sort());
  expect(Object.keys(liveSettingSchemas).sort()).toEqual([...LIVE_SETTING_NAMES].sort());
});
