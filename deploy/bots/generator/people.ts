// People, and what makes some of them look odd.
import { drawBrowser } from '../../crowd/browsers.ts';
import { drawInput } from '../../crowd/input.ts';
import type { Random } from '../../crowd/random.ts';
import type { Session } from '../corpus.ts';
import { company, homeLine, type Network, phoneNetwork, relay, tunnel } from './networks.ts';
import { around, type Client, following, type Plan, sessionOf } from './session.ts';

type Cohort = (random: Random) => Client;

const cohorts: readonly [number, Cohort][] = [
  [0.8, plain],
  [0.87, privateRelay],
  [0.92, throughTunnel],
  [0.94, firefoxMasked],
  [0.96, collectorBlocked],
  [0.98, assistiveTechnology],
  [1, farbled],
];

export function drawPerson(random: Random, id: string): Session {
  const drawn = random.next();
  const [, cohort] = cohorts.find(([upTo]) => drawn < upTo) ?? [1, plain];
  const client = cohort(random);
  return sessionOf(id, client, planOf(random, client.device !== null));
}

function planOf(random: Random, showsDevice: boolean): Plan {
  // Some wait for the start, the others hear of it later.
  const waits = random.next() < 0.6;
  const first = waits ? 170 + around(random, 900, 0.9) : around(random, 120_000, 1);
  const loaded = first - Math.max(1_500, around(random, 40_000, 1.4));
  const reloads = following(loaded, 1 + random.below(3), () => around(random, 9_000, 1));
  const tries = random.below(4) === 0 ? 2 + random.below(5) : 1 + random.below(2);
  const pages = reloads.filter((at) => at < first - 1_400);
  return {
    pages: pages.length === 0 ? [first - 1_500] : pages,
    collect: showsDevice ? Math.min(first - 50, loaded + 400 + random.below(1_500)) : undefined,
    purchases: following(first, tries, () => 180 + around(random, 700, 0.7)),
    polls: following(first + 2_000, random.below(4), () => 1_500),
  };
}

function personOf(random: Random): { client: Client; zone: string | null } {
  const browser = drawBrowser(random);
  const { device, headers, hasMouse } = browser;
  const input = drawInput(random, { hasMouse, dwellMs: around(random, 30_000, 1) });
  const home = homeOf(random, device.tz, hasMouse);
  const client: Client = {
    label: 'human',
    family: 'plain',
    ...{ device, input, headers },
    networkAt: () => home,
  };
  return { client, zone: device.tz };
}

function homeOf(random: Random, zone: string | null, hasMouse: boolean): Network {
  const drawn = random.next();
  if (drawn < 0.08) return company(random, zone);
  return !hasMouse && drawn < 0.7 ? phoneNetwork(random, zone) : homeLine(random, zone);
}

function plain(random: Random): Client {
  return personOf(random).client;
}

/** The relay's address changes, its country does not. */
function privateRelay(random: Random): Client {
  let { client, zone } = personOf(random);
  while (client.device?.vendor !== 'Apple Computer, Inc.') ({ client, zone } = personOf(random));
  const addresses = [relay(random, zone), relay(random, zone)] as const;
  const networkAt = (index: number) => addresses[index % 3 === 2 ? 1 : 0];
  return { ...client, family: 'private_relay', networkAt };
}

function throughTunnel(random: Random): Client {
  const exit = tunnel(random);
  return { ...plain(random), family: 'vpn', networkAt: () => exit };
}

function firefoxMasked(random: Random): Client {
  let client = plain(random);
  while (client.device?.productSub !== '20100101') client = plain(random);
  const masked = {
    ...client.device,
    ...{ hc: 4, touch: 5, tz: 'Atlantic/Reykjavik', languages: ['en-US', 'en'] },
    gl: { v: 'Mozilla', r: 'Mozilla' },
    screen: [1400, 900, 1400, 900, 24] satisfies [number, number, number, number, number],
    canvas: hexOf(random),
  };
  const headers = { ...client.headers, 'accept-language': 'en-US,en;q=0.5' };
  return { ...client, family: 'firefox_rfp', device: masked, headers };
}

function collectorBlocked(random: Random): Client {
  return { ...plain(random), family: 'collector_blocked', device: null, input: null };
}

/** Keys only, from a screen reader or a switch. */
function assistiveTechnology(random: Random): Client {
  const { client } = personOf(random);
  const { input } = client;
  if (input === null) return client;
  const keys = 10 + random.below(50);
  const used = { ...input, pointer: null, clicks: 0, touches: 0, touch_dt_cv: null, keys };
  return { ...client, family: 'assistive_tech', input: used };
}

function farbled(random: Random): Client {
  let client = plain(random);
  while (client.device?.chrome !== 'object') client = plain(random);
  const device = { ...client.device, hc: 2 + random.below(7), canvas: hexOf(random) };
  return { ...client, family: 'brave_farbling', device };
}

export const hexOf = (random: Random): string =>
  Array.from({ length: 16 }, () => random.below(16).toString(16)).join('');
