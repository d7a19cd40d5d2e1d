// Browsers as people have them: each draws what its collector would send and the headers that go
// with it. The shares are round numbers; what matters is that everything in one browser agrees.
import type { Device } from '../../shared/device.ts';
import { apiHeaders } from './browser-headers.ts';
import {
  CARDS,
  CHIPS,
  DESKTOPS,
  IPHONES,
  PHONE_GRAPHICS,
  PHONES,
  PLACES,
  type Size,
} from './browser-parts.ts';
import type { Random } from './random.ts';

export interface Browser {
  readonly device: Device;
  /** Of a call that the page makes, but for those that name the shop. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hasMouse: boolean;
}

const CANVASES_OF_A_CARD = 400;

const kinds: readonly [number, (random: Random) => Browser][] = [
  [0.38, androidChrome],
  [0.68, iphoneSafari],
  [0.88, windowsChrome],
  [0.95, macChrome],
  [1, windowsFirefox],
];

export function drawBrowser(random: Random): Browser {
  const drawn = random.next();
  const [, draw] = kinds.find(([upTo]) => drawn < upTo) ?? [1, iphoneSafari];
  return draw(random);
}

function androidChrome(random: Random): Browser {
  const version = 140 + random.below(8);
  const [v, r] = random.pick(PHONE_GRAPHICS);
  const device: Device = {
    ...chromium(random, { version, platform: 'Android', isMobile: true }),
    ua: `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Mobile Safari/537.36`,
    platform: 'Linux armv81',
    hc: 8,
    dm: random.pick([4, 8, 8]),
    touch: 5,
    ...screenOf(random.pick(PHONES), 0),
    plugins: 0,
    gl: { v, r },
    canvas: canvasOf(`android ${r}`, random.below(CANVASES_OF_A_CARD)),
  };
  return { device, headers: apiHeaders(device), hasMouse: false };
}

function windowsChrome(random: Random): Browser {
  const version = 140 + random.below(8);
  const [make, card] = random.pick(CARDS);
  const device: Device = {
    ...chromium(random, { version, platform: 'Windows', isMobile: false }),
    ua: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
    platform: 'Win32',
    hc: random.pick([4, 8, 12, 16]),
    dm: random.pick([8, 16, 32]),
    touch: 0,
    ...screenOf(random.pick(DESKTOPS), 40),
    plugins: 5,
    gl: {
      v: `Google Inc. (${make})`,
      r: `ANGLE (${make}, ${card} Direct3D11 vs_5_0 ps_5_0, D3D11)`,
    },
    canvas: canvasOf(card, random.below(CANVASES_OF_A_CARD)),
  };
  return { device, headers: apiHeaders(device), hasMouse: true };
}

function macChrome(random: Random): Browser {
  const version = 140 + random.below(8);
  const chip = random.pick(CHIPS);
  const device: Device = {
    ...chromium(random, { version, platform: 'macOS', isMobile: false }),
    ua: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
    platform: 'MacIntel',
    hc: random.pick([8, 10, 12]),
    dm: random.pick([8, 16]),
    touch: 0,
    ...screenOf(random.pick([[1440, 900, 2] as const, [1512, 982, 2] as const]), 33),
    plugins: 5,
    gl: {
      v: 'Google Inc. (Apple)',
      r: `ANGLE (Apple, ANGLE Metal Renderer: Apple ${chip}, Unspecified Version)`,
    },
    canvas: canvasOf(chip, random.below(CANVASES_OF_A_CARD)),
  };
  return { device, headers: apiHeaders(device), hasMouse: true };
}

function iphoneSafari(random: Random): Browser {
  const device: Device = {
    ...anyBrowser(random),
    ua: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.${random.below(5)} Mobile/15E148 Safari/604.1`,
    platform: 'iPhone',
    hc: 4,
    touch: 5,
    ...screenOf(random.pick(IPHONES), 0),
    gl: { v: 'Apple Inc.', r: 'Apple GPU' },
    canvas: canvasOf('iphone', random.below(2)),
    vendor: 'Apple Computer, Inc.',
  };
  return { device, headers: apiHeaders(device), hasMouse: false };
}

function windowsFirefox(random: Random): Browser {
  const version = 140 + random.below(8);
  const [make, card] = random.pick(CARDS);
  const device: Device = {
    ...anyBrowser(random),
    ua: `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`,
    platform: 'Win32',
    hc: random.pick([4, 8, 16]),
    touch: 0,
    ...screenOf(random.pick(DESKTOPS), 40),
    gl: {
      v: `Google Inc. (${make})`,
      r: `ANGLE (${make}, ${card.replace(/ \(.*/, '')} Direct3D11 vs_5_0 ps_5_0), or similar`,
    },
    canvas: canvasOf(`firefox ${card}`, random.below(CANVASES_OF_A_CARD)),
    vendor: '',
    productSub: '20100101',
  };
  return { device, headers: { ...apiHeaders(device), te: 'trailers' }, hasMouse: true };
}

/** What all browsers say alike, and what this one's owner chose. */
function anyBrowser(random: Random) {
  const { languages, tz } = random.pick(PLACES);
  return {
    ...{ languages: [...languages], tz, webdriver: false, dm: null, plugins: 5, uad: null },
    ...{ chrome: 'undefined', notif: 'default', perm: 'prompt', productSub: '20030107' },
    ...{ evalLen: 37, pdf: true },
  };
}

function chromium(random: Random, of: { version: number; platform: string; isMobile: boolean }) {
  const version = String(of.version);
  const b = [
    { brand: 'Google Chrome', version },
    fillerOf(of.version),
    { brand: 'Chromium', version },
  ];
  const uad = { b, m: of.isMobile, p: of.platform };
  const own = { uad, chrome: 'object', vendor: 'Google Inc.', evalLen: 33 };
  return { ...anyBrowser(random), ...own };
}

/** Chromium names a brand that is none, another one in each version. */
function fillerOf(version: number): { brand: string; version: string } {
  const separator = (seed: number) => ' (:-./);=?_'[seed % 11] ?? '';
  const brand = `Not${separator(version)}A${separator(version + 1)}Brand`;
  return { brand, version: ['8', '99', '24'][version % 3] ?? '8' };
}

function screenOf(
  [width, height, dpr]: Size,
  bar: number,
): Pick<Device, 'screen' | 'dpr' | 'outer'> {
  return {
    screen: [width, height, width, height - bar, 24],
    dpr,
    outer: [width, height - bar],
  };
}

/** Sixteen hexadecimal digits, the same for the same drawing. */
function canvasOf(name: string, variant: number): string {
  let [one, other] = [0x811c9dc5, variant];
  for (const character of `${name}/${variant}`) {
    one = Math.imul(one ^ (character.codePointAt(0) ?? 0), 0x01000193);
    other = Math.imul(other + one, 0x9e3779b1);
  }
  return [one, other].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
