// What a user agent string claims. Claims are cheap: they count where something contradicts them.

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

export function readAgent(agent: string): Agent {
  const system = systemOf(agent);
  const version = (name: string) => Number(new RegExp(`${name}/(\\d+)`, 'i').exec(agent)?.[1] ?? 0);
  const isMobile = /mobile/i.test(agent);
  const said = { system, isMobile };
  if (system === 'ios') return { ...said, engine: 'webkit', major: version('version') };
  const chromium = version('(?:headless)?chrom(?:e|ium)');
  if (chromium > 0) return { ...said, engine: 'chromium', major: chromium };
  if (/gecko\/\d/i.test(agent)) return { ...said, engine: 'gecko', major: version('firefox') };
  const isWebkit = /applewebkit/i.test(agent);
  return { ...said, engine: isWebkit ? 'webkit' : null, major: version('version') };
}

/** The system that a text names: a user agent, a platform or a client hint. */
export function systemOf(text: string): System | null {
  return SYSTEMS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
