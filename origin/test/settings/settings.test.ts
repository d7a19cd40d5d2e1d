// Live settings from a real etcd and from a file: applied, refused, given back.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { etcdClient } from '../../etcd/client.ts';
import { createSingleInstance } from '../../leadership/single-instance.ts';
import { campaignForSettings } from '../../settings/campaign-for-settings.ts';
import { etcdSettingsSource, openEtcdSettings } from '../../settings/etcd-settings.ts';
import {
  changeSettingsFile,
  fileSettingsSource,
  writeSettingsFile,
} from '../../settings/file-settings.ts';
import type { LiveSettings } from '../../settings/live-settings.ts';
import { LIVE_DEFAULTS, type SettingsSource } from '../../settings/live-settings.ts';
import { watchSettings } from '../../settings/watched-settings.ts';
import { quietLog } from '../quiet-log.ts';
import { DATABASES } from '../store/stores.ts';

const ANN = { by: 'ann', at: 1_795_000_000_000 };
const SOON = { timeout: 10_000, interval: 20 };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function watch(source: SettingsSource): { settings: LiveSettings; events: string[] } {
  const events: string[] = [];
  const settings = watchSettings({
    ...{ source, log: quietLog, onEvent: (event) => events.push(event) },
  });
  ends.push(() => settings.close());
  return { settings, events };
}

it('of etcd are in force within 2 s; what is refused leaves the last good value', async () => {
  const place = {
    endpoints: [inject('services').etcd.endpoints],
    prefix: `/test-${randomUUID()}/`,
  };
  const etcd = openEtcdSettings(place);
  ends.push(() => etcd.close());
  const { settings, events } = watch(etcdSettingsSource(place, quietLog));
  expect(settings.current()).toEqual(LIVE_DEFAULTS);
  const took: number[] = [];
  // A machine may be busy with other work for a moment, not each time.
  for (const text of ['off', 'on', 'off']) {
    await etcd.write('selling', text, ANN);
    const writtenAt = performance.now();
    await expect.poll(() => settings.current().selling, SOON).toBe(text);
    took.push(performance.now() - writtenAt);
  }
  expect(Math.min(...took)).toBeLessThan(2_000);
  const applied = took.map(() => 'applied');
  await etcd.write('selling', 'perhaps', ANN);
  await expect.poll(() => events, SOON).toEqual([...applied, 'refused']);
  expect(settings.current().selling).toBe('off');
  // One that starts meanwhile goes on with what is in force, not with the default.
  const starting = watch(etcdSettingsSource(place, quietLog));
  await starting.settings.firstRead;
  expect([starting.settings.current().selling, starting.events]).toEqual(['off', ['refused']]);
  await etcd.write('selling', undefined, ANN);
  await expect.poll(() => settings.current().selling, SOON).toBe('on');
});

it('of an etcd that has lost its data stay in force and are put back; what is removed stays removed', async () => {
  const place = {
    endpoints: [inject('services').etcd.endpoints],
    prefix: `/test-${randomUUID()}/`,
  };
  const etcd = openEtcdSettings(place);
  ends.push(() => etcd.close());
  const seen: string[] = [];
  const { settings, events } = watch(etcdSettingsSource(place, quietLog));
  const looking = setInterval(() => seen.push(settings.current().selling), 20);
  ends.push(() => clearInterval(looking));
  await etcd.write('selling', 'off', ANN);
  await expect.poll(async () => (await etcd.readKept()).get('selling'), SOON).toBe('off');
  await expect.poll(() => settings.current().selling, SOON).toBe('off');
  // A reading that has what comes and goes here has had what was kept, too.
  const isKept = async () => (await etcd.readKept()).has('relayBatchMax');
  for (const text of ['7', undefined]) {
    await etcd.write('relayBatchMax', text, ANN);
    await expect.poll(isKept, SOON).toBe(text !== undefined);
  }
  seen.length = 0;
  const hand = etcdClient(place.endpoints);
  ends.push(() => hand.close());
  await hand.delete().prefix(place.prefix);
  await expect.poll(() => events, SOON).toContain('put-back');
  expect(await etcd.read()).toEqual(new Map([['selling', 'off']]));
  const author = async () => (await etcd.readAuthors(await etcd.read())).get('selling');
  expect(await author()).toEqual(ANN);
  expect(new Set(seen)).toEqual(new Set(['off']));

  await expect.poll(async () => (await etcd.readKept()).get('selling'), SOON).toBe('off');
  await etcd.write('selling', undefined, ANN);
  await expect.poll(() => settings.current().selling, SOON).toBe('on');
  await expect.poll(async () => (await etcd.readKept()).size, SOON).toBe(0);
  expect(await etcd.read()).toEqual(new Map());
});

it('of a file need no file, and outlive one that cannot be read', async () => {
  const file = join(inject('scratchDir'), randomUUID(), 'config.json');
  const { settings } = watch(fileSettingsSource(file, quietLog));
  expect(settings.current()).toEqual(LIVE_DEFAULTS);
  const texts = new Map([
    ['weights', '{"burst":1}'],
    ['unknown', '1'],
    ['relayBatchMax', '7'],
  ]);
  writeSettingsFile(file, texts);
  await expect.poll(() => settings.current().relayBatchMax, SOON).toBe(7);
  expect(settings.current().weights).toEqual({ burst: 1 });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{ not json');
  writeSettingsFile(`${file}.other`, new Map());
  writeFileSync(file, '{"relayBatchMax":"8"}');
  await expect.poll(() => settings.current().relayBatchMax, SOON).toBe(8);
  expect(settings.current().weights).toEqual({});
});

it('of a file that went bad start with what was in force', async () => {
  const file = join(inject('scratchDir'), randomUUID(), 'config.json');
  writeSettingsFile(file, new Map([['selling', 'off']]));
  const before = watch(fileSettingsSource(file, quietLog));
  await before.settings.firstRead;
  await expect.poll(() => existsSync(`${file}.kept`), SOON).toBe(true);
  await before.settings.close();
  writeSettingsFile(file, new Map([['selling', 'of']]));
  const { settings } = watch(fileSettingsSource(file, quietLog));
  await settings.firstRead;
  expect(settings.current().selling).toBe('off');
  writeSettingsFile(file, new Map());
  await expect.poll(() => settings.current().selling, SOON).toBe('on');
});

describe.each(DATABASES)('the history of settings on $name', ({ open }) => {
  it('names author, moment and both texts; what is changed by hand has no author', async () => {
    const store = await open();
    ends.push(() => store.close());
    const before = await store.settingHistory(1_000);
    const etcd = {
      endpoints: [inject('services').etcd.endpoints],
      prefix: `/test-${randomUUID()}/`,
    };
    const client = openEtcdSettings(etcd);
    ends.push(() => client.close());
    const { settings } = watch(etcdSettingsSource(etcd, quietLog));
    const leadership = createSingleInstance(store, quietLog);
    ends.push(() => leadership.close());
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    campaignForSettings({ leadership, settings, store, onError });
    const history = async () => (await store.settingHistory(1_000)).slice(before.length);

    await client.write('relayBatchMax', '7', ANN);
    const first = { name: 'relayBatchMax', was: null, text: '7', actor: 'ann', at: ANN.at };
    await expect.poll(history, SOON).toEqual([first]);
    const hand = etcdClient(etcd.endpoints);
    ends.push(() => hand.close());
    await hand.put(`${etcd.prefix}config/relayBatchMax`).value('8');
    const second = { ...first, was: '7', text: '8', actor: 'by hand', at: expect.any(Number) };
    await expect.poll(history, SOON).toEqual([first, second]);
    await client.write('relayBatchMax', undefined, ANN);
    const third = { ...first, was: '8', text: null };
    await expect.poll(history, SOON).toEqual([first, second, third]);
    // Another leader finds nothing new.
    const next = createSingleInstance(store, quietLog);
    ends.push(() => next.close());
    campaignForSettings({ leadership: next, settings, store, onError });
    await client.write('selling', 'off', ANN);
    await expect.poll(async () => (await history()).length, SOON).toBe(4);
    expect(errors).toEqual([]);
  });
});

it('of a file: the author of another text is not its author', async () => {
  const file = join(inject('scratchDir'), randomUUID(), 'config.json');
  await changeSettingsFile(file, { name: 'selling', text: 'off' }, ANN);
  const { settings } = watch(fileSettingsSource(file, quietLog));
  await settings.firstRead;
  const selling = () => settings.standing().find(({ name }) => name === 'selling');
  expect(selling()).toEqual({ name: 'selling', text: 'off', author: ANN });
  writeSettingsFile(file, new Map([['selling', 'on']]));
  await expect.poll(selling, SOON).toEqual({ name: 'selling', text: 'on', author: undefined });
});
