// Browsers on servers: as they come, patched to hide it, and dressed up as phones.
import type { Device } from '../../../shared/device.ts';
import { apiHeaders } from '../../crowd/browser-headers.ts';
import { drawBrowser } from '../../crowd/browsers.ts';
import type { Random } from '../../crowd/random.ts';

type Driven = { readonly device: Device; readonly headers: Readonly<Record<string, string>> };

const SWIFTSHADER = {
  v: 'Google Inc. (Google)',
  r: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
};

function chromeOn(random: Random, system: 'Windows' | 'Android'): Device {
  for (;;) {
    const { device } = drawBrowser(random);
    if (device.uad?.p === system) return device;
  }
}

const withHeaders = (device: Device): Driven => ({ device, headers: apiHeaders(device) });

export function headlessBrowser(random: Random): Driven {
  const device = chromeOn(random, 'Windows');
  return withHeaders({
    ...device,
    ua: device.ua
      .replace('Windows NT 10.0; Win64; x64', 'X11; Linux x86_64')
      .replace('Chrome/', 'HeadlessChrome/'),
    ...{
      platform: 'Linux x86_64',
      webdriver: true,
      tz: 'UTC',
      gl: SWIFTSHADER,
      canvas: '5ca1ab1e',
    },
    ...{ screen: [800, 600, 800, 600, 24], outer: [800, 600], dpr: 1, languages: ['en-US'] },
    uad: device.uad === null ? null : { ...device.uad, p: 'Linux' },
  });
}

/** What a plug-in hides, and what it forgets. */
export function patchedBrowser(random: Random): Driven {
  const device = chromeOn(random, 'Windows');
  const brands = device.uad?.b.map((brand) =>
    brand.brand.startsWith('Not') ? { brand: ' Not A;Brand', version: '99' } : brand,
  );
  return withHeaders({
    ...device,
    ...{ tz: random.pick(['UTC', 'America/New_York']), canvas: `5ca1ab1e${random.below(3)}` },
    gl: random.pick([
      { v: null, r: null },
      { v: 'Intel Inc.', r: 'Intel Iris OpenGL Engine' },
    ]),
    uad: { b: brands ?? [], m: false, p: 'Windows' },
  });
}

export function serverPhone(random: Random): Driven {
  const device = chromeOn(random, 'Android');
  return withHeaders({
    ...device,
    ...{ gl: SWIFTSHADER, platform: 'Linux x86_64', touch: 1, canvas: hex(random), hc: 4 },
  });
}

const hex = (random: Random): string => `e1e1e1${random.below(1_000)}`;
