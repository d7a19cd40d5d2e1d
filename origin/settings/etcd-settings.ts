// Live settings in etcd, one key each under `<prefix>config/`. They are read once a second: one
// small range, and no stream to lose and to resume.
import { pauseFor } from '../backoff.ts';
import { etcdClient } from '../etcd/client.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import type { LiveSettingName, SettingsSource } from './live-settings.ts';

export interface EtcdSettingsOptions {
  readonly endpoints: readonly string[];
  readonly prefix: string;
}

export interface EtcdSettings {
  /** Deadline of each: 2 s. Rejects when etcd is away. Safe to repeat. */
  read(): Promise<ReadonlyMap<string, string>>;
  write(name: LiveSettingName, text: string): Promise<void>;
  remove(name: LiveSettingName): Promise<void>;
  close(): void;
}

const READ_EVERY_MS = 1_000;

export function openEtcdSettings({ endpoints, prefix }: EtcdSettingsOptions): EtcdSettings {
  const client = etcdClient(endpoints);
  const folder = `${prefix}config/`;
  return {
    async read() {
      const found = await client.getAll().prefix(folder).strings();
      return new Map(Object.entries(found).map(([key, text]) => [key.slice(folder.length), text]));
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
  return {
    async watch(onTexts, signal) {
      const settings = openEtcdSettings(options);
      const outage = createOutage(log, 'the source of live settings');
      while (!signal.aborted) {
        try {
          onTexts(await settings.read());
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
