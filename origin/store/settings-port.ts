// The database's side of live settings: who changed one, when, and what. What is in force stands
// elsewhere (origin/settings).

export interface SettingStanding {
  readonly name: string;
  /** Null: the default. */
  readonly text: string | null;
  readonly actor: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface SettingChange extends SettingStanding {
  readonly was: string | null;
}

export interface SettingsStore {
  /**
   * Writes down that a setting has another text than it had when it was last noted; nothing where it
   * has the same. False then. Safe to repeat; called by one leader.
   */
  noteSetting(standing: SettingStanding): Promise<boolean>;
  /** The last changes, at most `limit`, oldest first. */
  settingHistory(limit: number): Promise<readonly SettingChange[]>;
}
