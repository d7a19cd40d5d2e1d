// Live settings in etcd, one key each under `<prefix>config/`. They are read twice a second: one
// small range, and no stream to lose and to resume.
import { pauseFor } from '../backoff.ts';
import { etcdClient } from '../etcd/client.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import type { LiveSettingName, SettingsSource, SettingTexts } from './live-settings.ts';

export interface EtcdSettingsOptions {
  readonly endpoints: readonly string[];
  readonly prefix: string;
}

export interface EtcdSettings {
  /** Deadline of each: 2 s. Rejects when etcd is away. Safe to repeat. */
  read(): Promise<SettingTexts>;
  /** What was kept of those in force. */
  readKept(): Promise<SettingTexts>;
  keep: SettingsSource['keep'];
  write(name: LiveSettingName, text: string): Promise<void>;
  remove(name: LiveSettingName): Promise<void>;
  close(): void;
}

const READ_EVERY_MS = 500;

export function openEtcdSettings({ endpoints, prefix }: EtcdSettingsOptions): EtcdSettings {
  const client = etcdClient(endpoints);
  const folder = `${prefix}config/`;
  const keptFolder = `${prefix}config-kept/`;
  async function readFolder(name: string): Promise<SettingTexts> {
    const found = await client.getAll().prefix(name).strings();
    return new Map(Object.entries(found).map(([key, text]) => [key.slice(name.length), text]));
  }
  return {
    read: () => readFolder(folder),
    readKept: () => readFolder(keptFolder),
    async keep(name, text) {
      if (text === undefined) await client.delete().key(`${keptFolder}${name}`);
      else await client.put(`${keptFolder}${name}`).value(text);
    },
    async write(name, text) {
      await client.put(`${folder}${name}`).value(text);
    },
    async remove(name) {
      await client.delete().key(`${folder}${name}`);
    },
    close: () => client.close(),
  };
}

export function etcdSettingsSource(options: EtcdSettingsOptions, log: Log): SettingsSource {
  const settings = openEtcdSettings(options);
  return {
    keep: settings.keep,
    async watch(onTexts, signal) {
      const outage = createOutage(log, 'the source of live settings');
      while (!signal.aborted) {
        try {
          const [texts, kept] = await Promise.all([settings.read(), settings.readKept()]);
          onTexts(texts, kept);
          outage.ended();
        } catch (error) {
          outage.began(error);
        }
        await pauseFor(READ_EVERY_MS, signal);
      }
      settings.close();
    },
  };
}
