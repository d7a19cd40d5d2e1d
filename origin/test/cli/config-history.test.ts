// `config history`: whoever set a live setting is named, by the token that the command was given.
import { userInfo } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { mintToken } from '../../cli/mint.ts';
import { createSingleInstance } from '../../leadership/single-instance.ts';
import { campaignForSettings } from '../../settings/campaign-for-settings.ts';
import { fileSettingsSource } from '../../settings/file-settings.ts';
import { watchSettings } from '../../settings/watched-settings.ts';
import { openStore } from '../../store/open-store.ts';
import { quietLog } from '../quiet-log.ts';
import { sqliteTarget } from '../store/stores.ts';
import { runCli } from './run-cli.ts';

it('names who changed what, beside a running origin', async () => {
  const target = sqliteTarget();
  const env = { SQLITE_FILE: target.file, LIVE_SETTINGS_FILE: `${target.file}.settings` };
  const store = await openStore(target);
  const source = fileSettingsSource(env.LIVE_SETTINGS_FILE, quietLog);
  const settings = watchSettings({ source, log: quietLog, onEvent: () => undefined });
  const leadership = createSingleInstance(store, quietLog);
  onTestFinished(async () => {
    await leadership.close();
    await settings.close();
    await store.close();
  });
  campaignForSettings({ leadership, settings, store, onError: () => undefined });
  const nothing = await runCli(['config', 'history'], env);
  expect(nothing).toMatchObject({ code: 0, stdout: 'nothing was changed\n' });

  const ADMIN_TOKEN = await mintToken({ sub: 'ada', role: 'admin' }, 'a secret of nobody else');
  await runCli(['config', 'set', 'selling', 'off'], { ...env, ADMIN_TOKEN });
  const soon = { timeout: 20_000, interval: 50 };
  await expect.poll(() => store.settingHistory(9), soon).toHaveLength(1);
  await runCli(['config', 'set', 'selling'], env);
  await expect.poll(() => store.settingHistory(9), soon).toHaveLength(2);
  const { stdout, code } = await runCli(['config', 'history'], env);
  expect(code).toBe(0);
  const [first, second] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^\S+Z {2}ada {2}selling: default → off$/);
  expect(second).toContain(`  cli: ${userInfo().username}  selling: off → default`);
});
