// Traces of a browser that nobody sits in front of.
import type { Device } from '../../shared/device.ts';
import { type Hit, hit } from '../score/judgement.ts';
import { readAgent } from './agent.ts';
import { remembered } from './remembered.ts';

const SOFTWARE =
  /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen|virtualbox|vmware|svga3d/i;
const isSoftware = remembered((renderer) => SOFTWARE.test(renderer));
const SERVER_ZONE = /^(utc|gmt|etc\/.*|universal)$/i;

export function automation(device: Device): Hit[] {
  const { ua, screen, outer, gl, plugins, tz, notif, perm, languages } = device;
  const { engine, isMobile } = readAgent(ua);
  const hits: Hit[] = [];
  if (device.webdriver === true) hits.push(hit('webdriver'));
  if (/headless|phantomjs|electron|jsdom/i.test(ua)) hits.push(hit('headless-agent'));

  const renderer = gl?.r ?? '';
  if (isSoftware(renderer)) hits.push(hit('software-graphics'));
  else if (renderer === '') hits.push(hit('no-graphics'));

  if (notif === 'denied' && perm === 'prompt') hits.push(hit('permission-contradicted'));
  const isDesktop = !isMobile && engine === 'chromium';
  if (isDesktop && plugins === 0 && device.pdf !== true) hits.push(hit('bare-browser'));
  if (!isMobile && (isTiny(screen) || hasNoFrame(outer))) hits.push(hit('window-of-no-desktop'));
  if (languages?.length === 0) hits.push(hit('no-languages'));
  // Firefox tells UTC, or Reykjavik, when it resists fingerprinting.
  if (engine !== 'gecko' && SERVER_ZONE.test(tz ?? '')) hits.push(hit('zone-of-servers'));
  return hits;
}

const isTiny = (screen: Device['screen']): boolean =>
  screen !== null && screen[0] <= 800 && screen[1] <= 600;

const hasNoFrame = (outer: Device['outer']): boolean =>
  outer !== null && (outer[0] === 0 || outer[1] === 0);
