// Live settings in etcd, one key each under `<prefix>config/`. They are read twice a second: one
// small range, and no stream to lose and to resume.
import { pauseFor } from '../backoff.ts';
import { etcdClient } from '../etcd/client.ts';
import type { Log } from '../log.ts';
import { createOutage } from '../outage.ts';
import { authorsOf, signedText } from './authors.ts';
import type {
  Author,
  LiveSettingName,
  SettingsSource,
  SettingTexts,
  SourceReading,
} from './live-settings.ts';

export interface EtcdSettingsOptions {
  readonly endpoints: readonly string[];
  readonly prefix: string;
}

export interface EtcdSettings {
  /** Deadline of each: 2 s. Rejects when etcd is away. Safe to repeat. */
  read(): Promise<SettingTexts>;
  /** What was kept of those in force. */
  readKept(): Promise<SettingTexts>;
  readAuthors(texts: SettingTexts): Promise<ReadonlyMap<string, Author>>;
  /** All of it as it stood at one moment. */
  readWhole(): Promise<SourceReading>;
  keep: SettingsSource['keep'];
  readonly putBack: NonNullable<SettingsSource['putBack']>;
  /** Undefined: its default. */
  write(name: LiveSettingName, text: string | undefined, author: Author): Promise<void>;
  close(): void;
}

const READ_EVERY_MS = 500;

export function openEtcdSettings({ endpoints, prefix }: EtcdSettingsOptions): EtcdSettings {
  const client = etcdClient(endpoints);
  const folder = `${prefix}config/`;
  const signedFolder = `${prefix}config-by/`;
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
    async readAuthors(texts) {
      return authorsOf(texts, await readFolder(signedFolder));
    },
    async readWhole() {
      const found = Object.entries(await client.getAll().prefix(`${prefix}config`).strings());
      const inFolder = (name: string): SettingTexts =>
        new Map(
          found.flatMap(([key, text]) =>
            key.startsWith(name) ? [[key.slice(name.length), text]] : [],
          ),
        );
      const texts = inFolder(folder);
      const authors = authorsOf(texts, inFolder(signedFolder));
      return { texts, kept: inFolder(keptFolder), authors };
    },
    async putBack(name, text, author) {
      const key = `${folder}${name}`;
      const signed = `${signedFolder}${name}`;
      const puts = [client.put(key).value(text)];
      if (author !== undefined) puts.push(client.put(signed).value(signedText(author, text)));
      await client
        .if(key, 'Create', '==', 0)
        .then(...puts)
        .commit();
    },
    async write(name, text, author) {
      const key = `${folder}${name}`;
      const change = text === undefined ? client.delete().key(key) : client.put(key).value(text);
      const signed = client.put(`${signedFolder}${name}`).value(signedText(author, text));
      // In one transaction, on a condition that always holds: a missing key has version 0.
      await client.if(key, 'Version', '>', -1).then(change, signed).commit();
    },
    close: () => client.close(),
  };
}

export function etcdSettingsSource(options: EtcdSettingsOptions, log: Log): SettingsSource {
  const settings = openEtcdSettings(options);
  return {
    keep: settings.keep,
    putBack: settings.putBack,
    async watch(onReading, signal) {
      const outage = createOutage(log, 'the source of live settings');
      while (!signal.aborted) {
        try {
          onReading(await settings.readWhole());
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
