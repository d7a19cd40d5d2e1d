// The job `origins`: writes where healthy origins answer, and the live settings that concern edges,
// signed, to the edge Redis once a second and when a setting changes.
import { createHmac } from 'node:crypto';
import { edgeKeys } from '../../shared/keys.ts';
import {
  ORIGIN_LIST_USABLE_MS,
  type OriginList,
  signedListText,
} from '../../shared/origin-list.ts';
import { pauseFor } from '../backoff.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { createHealthy } from './healthy.ts';
import { type OriginRecord, RENEW_EVERY_MS, type Registration } from './registration.ts';

export interface PublishOptions {
  readonly registration: Pick<Registration, 'list'>;
  readonly settings: Pick<LiveSettings, 'current'>;
  readonly edgeRedis: Redis;
  /** `set-origins` */
  readonly script: Script;
  /** `id:secret[,id:secret]`, those that edges hold. */
  readonly signatureKeys: string;
  readonly onPublished: (count: number) => void;
  /** A round that failed; the next one tries again. */
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 50;
const LOOK_AGAIN_MS = 250;

export async function runPublish(lead: Lead, options: PublishOptions): Promise<void> {
  const healthy = createHealthy();
  const { settings } = options;
  while (!lead.signal.aborted) {
    const values = settings.current();
    try {
      const records = healthy(await options.registration.list(), performance.now());
      if (lead.signal.aborted) return;
      if (records === undefined) {
        await pauseFor(LOOK_AGAIN_MS, lead.signal);
        continue;
      }
      await publish(lead, options, records);
      options.onPublished(records.length);
    } catch (error) {
      options.onError(error);
    }
    await untilDue(() => settings.current() !== values, lead.signal);
  }
}

/** A second, or until a setting has changed: edges need a second of the two that are promised. */
async function untilDue(hasChanged: () => boolean, signal: AbortSignal): Promise<void> {
  const dueAt = performance.now() + RENEW_EVERY_MS;
  while (performance.now() < dueAt && !hasChanged() && !signal.aborted) {
    await pauseFor(LOOK_EVERY_MS, signal);
  }
}

async function publish(
  { term }: Lead,
  { settings, edgeRedis, script, signatureKeys }: PublishOptions,
  records: readonly OriginRecord[],
): Promise<void> {
  const { selling, weights } = settings.current();
  const list: OriginList = {
    at: Date.now(),
    origins: records.map(({ host, load }) => ({ host, load })),
    isSelling: selling === 'on',
    weights,
  };
  const members = signedMembers(JSON.stringify(list), signatureKeys);
  await script.run(edgeRedis, [edgeKeys.origins], [term, members, ORIGIN_LIST_USABLE_MS]);
}

/** The document's JSON behind its opening brace. */
export function signedMembers(list: string, signatureKeys: string): string {
  const signatures = signatureKeys.split(',').map((key) => {
    const at = key.indexOf(':');
    const hmac = createHmac('sha256', key.slice(at + 1)).update(signedListText(list));
    return [key.slice(0, at), hmac.digest('base64url')];
  });
  return JSON.stringify({ list, signatures: Object.fromEntries(signatures) }).slice(1);
}
