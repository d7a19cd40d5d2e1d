// The live settings' part of the port over MikroORM, and through the process that owns a SQLite file.
import { noteSetting, settingHistory } from './operations/settings.ts';
import type { Em } from './orm.ts';
import type { Caller } from './process-client.ts';
import type { SettingsStore } from './settings-port.ts';

type Unit = <Answer>(work: (em: Em) => Promise<Answer>) => Promise<Answer>;

export function settingsOver({ read, change }: { read: Unit; change: Unit }): SettingsStore {
  return {
    noteSetting: (standing) => change((em) => noteSetting(em, standing)),
    settingHistory: (limit) => read((em) => settingHistory(em, limit)),
  };
}

export function settingsThrough(call: Caller): SettingsStore {
  return {
    noteSetting: (standing) => call('noteSetting', standing),
    settingHistory: (limit) => call('settingHistory', limit),
  };
}
