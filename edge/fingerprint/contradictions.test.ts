import { describe, expect, it } from 'vitest';
import { drawBrowser } from '../../deploy/crowd/browsers.ts';
import { seededRandom } from '../../deploy/crowd/random.ts';
import type { Device } from '../../shared/device.ts';
import { automation } from './automation.ts';
import { contradictions } from './contradictions.ts';

function browserOn(platform: string): Device {
  const random = seededRandom(3);
  for (;;) {
    const { device } = drawBrowser(random);
    if (device.platform === platform && device.uad !== null) return device;
  }
}

const windows = browserOn('Win32');
const phone = browserOn('Linux armv81');
const rulesOf = (device: Device, changes: Partial<Device>) =>
  [...automation({ ...device, ...changes }), ...contradictions({ ...device, ...changes })].map(
    ({ rule }) => rule,
  );

it('finds nothing in a browser as it comes', () => {
  expect(rulesOf(windows, {})).toEqual([]);
  expect(rulesOf(phone, {})).toEqual([]);
});

describe('signals of two browsers', () => {
  it.each<[string, Device, Partial<Device>]>([
    ['system-contradicted', windows, { platform: 'Linux x86_64' }],
    ['system-contradicted', windows, { uad: { b: [], m: false, p: 'macOS' } }],
    ['engine-contradicted', windows, { evalLen: 37 }],
    ['engine-contradicted', windows, { productSub: '20100101' }],
    ['engine-contradicted', windows, { chrome: 'undefined' }],
    ['version-contradicted', windows, { uad: null }],
    ['version-contradicted', windows, { ua: windows.ua.replace(/Chrome\/\d+/, 'Chrome/101') }],
    ['graphics-of-other-system', windows, { gl: { v: 'Intel', r: 'Intel Iris OpenGL Engine' } }],
    ['graphics-of-other-system', windows, { gl: { v: 'Apple', r: 'Apple GPU' } }],
    ['touch-contradicted', phone, { touch: 0 }],
  ])('%s', (rule, device, changes) => {
    expect(rulesOf(device, changes)).toContain(rule);
  });
});

describe('traces of a browser that nobody sits at', () => {
  it.each<[string, Partial<Device>]>([
    ['webdriver', { webdriver: true }],
    ['headless-agent', { ua: windows.ua.replace('Chrome/', 'HeadlessChrome/') }],
    ['software-graphics', { gl: { v: 'Google', r: 'ANGLE (Google, Vulkan, SwiftShader)' } }],
    ['no-graphics', { gl: { v: null, r: null } }],
    ['permission-contradicted', { notif: 'denied', perm: 'prompt' }],
    ['bare-browser', { plugins: 0, pdf: false }],
    ['window-of-no-desktop', { outer: [0, 0] }],
    ['window-of-no-desktop', { screen: [800, 600, 800, 600, 24] }],
    ['no-languages', { languages: [] }],
    ['zone-of-servers', { tz: 'UTC' }],
  ])('%s', (rule, changes) => {
    expect(rulesOf(windows, changes)).toContain(rule);
  });
});

it('takes Firefox that resists fingerprinting for what it is', () => {
  const firefox: Device = {
    ...windows,
    ua: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
    ...{ hc: 4, touch: 5, tz: 'Atlantic/Reykjavik', uad: null, chrome: 'undefined', vendor: '' },
    ...{ productSub: '20100101', evalLen: 37, gl: { v: 'Mozilla', r: 'Mozilla' } },
  };
  expect(rulesOf(firefox, {})).toEqual([]);
});
