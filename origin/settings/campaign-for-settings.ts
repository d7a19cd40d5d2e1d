// The leader of the job `settings` writes down every change of a live setting, however it was made:
// by the command, with its author, or by hand at the source, which has none.
import { pauseFor } from '../backoff.ts';
import type { Lead, Leadership } from '../leadership/leadership.ts';
import type { Store } from '../store/store.ts';
import type { LiveSettings } from './live-settings.ts';

export interface SettingsCampaign {
  readonly leadership: Pick<Leadership, 'campaign'>;
  readonly settings: Pick<LiveSettings, 'standing' | 'firstRead'>;
  readonly store: Pick<Store, 'noteSetting'>;
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 500;
/** Whoever changes a setting without the command. */
const BY_HAND = 'by hand';

export function campaignForSettings(options: SettingsCampaign): void {
  options.leadership.campaign('settings', (lead) => noteChanges(lead, options));
}

async function noteChanges({ signal }: Lead, options: SettingsCampaign): Promise<void> {
  const { settings, store, onError } = options;
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // Before the first reading nobody knows what stands; a default is no change.
  await Promise.race([settings.firstRead, ended]);
  const noted = new Map<string, string | undefined>();
  while (!signal.aborted) {
    try {
      for (const { name, text, author } of settings.standing()) {
        if (noted.has(name) && noted.get(name) === text) continue;
        const { by: actor, at } = author ?? { by: BY_HAND, at: Date.now() };
        await store.noteSetting({ name, text: text ?? null, actor, at });
        noted.set(name, text);
      }
    } catch (error) {
      onError(error);
    }
    await pauseFor(LOOK_EVERY_MS, signal);
  }
}
