// Signals of one device that no one browser sends together.
import type { Device } from '../../shared/device.ts';
import { type Hit, hit } from '../score/judgement.ts';
import { type Agent, type Engine, readAgent, type System, systemOf } from './agent.ts';
import { brands } from './brands.ts';
import { remembered } from './remembered.ts';

export function contradictions(device: Device): Hit[] {
  const agent = readAgent(device.ua);
  const hits: Hit[] = [];
  if (contradictsSystem(device, agent)) hits.push(hit('system-contradicted'));
  if (contradictsEngine(device, agent.engine)) hits.push(hit('engine-contradicted'));
  if (contradictsVersion(device, agent)) hits.push(hit('version-contradicted'));
  if (isOfOtherSystem(device.gl?.r ?? '', agent.system)) hits.push(hit('graphics-of-other-system'));
  if (device.uad !== null) hits.push(...brands(device.uad.b));
  if (contradictsTouch(device, agent)) hits.push(hit('touch-contradicted'));
  return hits;
}

/** What `navigator.platform` may say; iPads and Android's desktop mode pass for others. */
const PLATFORMS: Record<System, RegExp> = {
  windows: /^win/i,
  mac: /^mac/i,
  ios: /^(iphone|ipad|ipod|macintel)/i,
  android: /^(linux|android|arm|$)/i,
  linux: /^(linux|x11|freebsd|openbsd)/i,
  chromeos: /^linux/i,
};

function contradictsSystem({ platform, uad }: Device, { system }: Agent): boolean {
  if (system === null) return false;
  if (platform !== null && !PLATFORMS[system].test(platform)) return true;
  const hinted = systemOf(uad?.p ?? '');
  return hinted !== null && hinted !== system && !(hinted === 'ios' && system === 'mac');
}

/** Length of `eval.toString()`, `productSub`, `vendor`: what engines differ in and rarely fake. */
const ENGINES: Record<Engine, { evalLen: number; productSub: string; vendor: RegExp }> = {
  chromium: { evalLen: 33, productSub: '20030107', vendor: /^google/i },
  gecko: { evalLen: 37, productSub: '20100101', vendor: /^$/ },
  webkit: { evalLen: 37, productSub: '20030107', vendor: /^apple/i },
};

function contradictsEngine(device: Device, engine: Engine | null): boolean {
  if (engine === null) return false;
  const expected = ENGINES[engine];
  const { evalLen, productSub, vendor, chrome } = device;
  return (
    (evalLen !== null && evalLen !== expected.evalLen) ||
    (productSub !== null && productSub !== expected.productSub) ||
    (vendor !== null && !expected.vendor.test(vendor)) ||
    (engine === 'chromium' && chrome === 'undefined')
  );
}

const HAS_HINTS_SINCE_MAJOR = 90;

function contradictsVersion({ uad }: Device, { engine, major }: Agent): boolean {
  if (engine !== 'chromium') return uad !== null && uad.b.length > 0 && engine === 'gecko';
  if (uad === null) return major >= HAS_HINTS_SINCE_MAJOR;
  const chromium = uad.b.find(({ brand }) => brand === 'Chromium');
  return chromium !== undefined && Number.parseInt(chromium.version, 10) !== major;
}

const GRAPHICS: readonly (readonly [RegExp, readonly System[]])[] = [
  [/direct3d/i, ['windows']],
  [/metal|opengl engine|apple (m\d|gpu)/i, ['mac', 'ios']],
  [/adreno|mali-|powervr|xclipse/i, ['android', 'linux', 'chromeos', 'windows']],
  [/mesa|radeonsi|llvmpipe|nouveau/i, ['linux', 'chromeos', 'android']],
];

/** Systems that a renderer may be of; Firefox names a class ("or similar"), the same on all. */
const systemsOf = remembered((renderer): readonly System[] => {
  if (/or similar/i.test(renderer)) return [];
  return GRAPHICS.find(([pattern]) => pattern.test(renderer))?.[1] ?? [];
});

function isOfOtherSystem(renderer: string, system: System | null): boolean {
  const systems = systemsOf(renderer);
  return system !== null && systems.length > 0 && !systems.includes(system);
}

function contradictsTouch({ touch, uad, screen }: Device, agent: Agent): boolean {
  const isPhone = agent.isMobile && (agent.system === 'android' || agent.system === 'ios');
  if (isPhone && touch === 0) return true;
  if (isPhone && screen !== null && Math.min(screen[0], screen[1]) > 1400) return true;
  return uad?.m === true && !agent.isMobile;
}
