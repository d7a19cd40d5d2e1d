// What a user agent string claims. Claims are cheap: they count where something contradicts them.
import { remembered } from './remembered.ts';

export type Engine = 'chromium' | 'gecko' | 'webkit';
export type System = 'windows' | 'mac' | 'ios' | 'android' | 'linux' | 'chromeos';

export interface Agent {
  readonly engine: Engine | null;
  readonly system: System | null;
  /** Major version of Chromium or Gecko, or Safari's own. */
  readonly major: number;
  readonly isMobile: boolean;
}

const SYSTEMS: readonly (readonly [RegExp, System])[] = [
  [/iphone|ipad|ipod/i, 'ios'],
  [/android/i, 'android'],
  [/windows/i, 'windows'],
  [/macintosh|mac os x|macos/i, 'mac'],
  [/cros|chrome ?os|chromium os/i, 'chromeos'],
  [/linux|x11/i, 'linux'],
];

const CHROMIUM = /(?:headless)?chrom(?:e|ium)\/(\d+)/i;
const GECKO = /gecko\/\d.*firefox\/(\d+)/i;
const OWN_VERSION = /version\/(\d+)/i;

export const readAgent = remembered(parseAgent);

function parseAgent(text: string): Agent {
  const system = systemOf(text);
  const majorIn = (version: RegExp) => Number(version.exec(text)?.[1] ?? 0);
  const said = { system, isMobile: /mobile/i.test(text) };
  if (system === 'ios') return { ...said, engine: 'webkit', major: majorIn(OWN_VERSION) };
  const chromium = majorIn(CHROMIUM);
  if (chromium > 0) return { ...said, engine: 'chromium', major: chromium };
  const gecko = majorIn(GECKO);
  if (gecko > 0) return { ...said, engine: 'gecko', major: gecko };
  const engine = /applewebkit/i.test(text) ? 'webkit' : null;
  return { ...said, engine, major: majorIn(OWN_VERSION) };
}

/** The system that a text names: a user agent, a platform or a client hint. */
export const systemOf = remembered(
  (text) => SYSTEMS.find(([pattern]) => pattern.test(text))?.[1] ?? null,
);
