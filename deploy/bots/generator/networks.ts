// Where requests come from. Addresses of the documentation and benchmarking ranges: nobody's.
import type { Random } from '../../crowd/random.ts';

export interface Network {
  readonly net: string;
  readonly ip: string;
  readonly asn: number;
  readonly as_org: string;
  readonly country: string;
}

interface Home {
  readonly country: string;
  readonly asn: number;
  readonly line: string;
  readonly carrierAsn: number;
  readonly carrier: string;
}

type Owner = readonly [asn: number, name: string];

const HOMES: Record<string, Home> = {
  'America/New_York': {
    ...{ country: 'US', asn: 7922, line: 'Comcast' },
    ...{ carrierAsn: 21928, carrier: 'T-Mobile US' },
  },
  'America/Chicago': {
    ...{ country: 'US', asn: 7018, line: 'AT&T' },
    ...{ carrierAsn: 6167, carrier: 'Verizon Wireless' },
  },
  'America/Sao_Paulo': {
    ...{ country: 'BR', asn: 28573, line: 'Claro NXT' },
    ...{ carrierAsn: 26599, carrier: 'Vivo' },
  },
  'Europe/London': {
    ...{ country: 'GB', asn: 2856, line: 'BT' },
    ...{ carrierAsn: 12576, carrier: 'EE' },
  },
  'Europe/Berlin': {
    ...{ country: 'DE', asn: 3320, line: 'Deutsche Telekom' },
    ...{ carrierAsn: 6805, carrier: 'Telefonica Germany' },
  },
  'Europe/Paris': {
    ...{ country: 'FR', asn: 3215, line: 'Orange' },
    ...{ carrierAsn: 15557, carrier: 'SFR' },
  },
  'Europe/Madrid': {
    ...{ country: 'ES', asn: 3352, line: 'Telefonica de Espana' },
    ...{ carrierAsn: 12479, carrier: 'Orange Espana' },
  },
  'Asia/Tokyo': {
    ...{ country: 'JP', asn: 17676, line: 'SoftBank' },
    ...{ carrierAsn: 9605, carrier: 'NTT Docomo' },
  },
};
const ZONES = Object.keys(HOMES);
const FALLBACK: Home = {
  ...{ country: 'US', asn: 7922, line: 'Comcast' },
  ...{ carrierAsn: 21928, carrier: 'T-Mobile US' },
};
const RELAYS: readonly [Owner, ...Owner[]] = [
  [54113, 'Fastly iCloud Relay'],
  [13335, 'Cloudflare iCloud Relay'],
  [36183, 'Akamai iCloud Relay'],
];
const RENTED: readonly [Owner, ...Owner[]] = [
  [16509, 'Amazon AWS'],
  [24940, 'Hetzner'],
  [14061, 'DigitalOcean'],
  [16276, 'OVH'],
  [64_500, 'Quick Cloud Hosting'],
];
const TUNNELS: readonly [Owner, ...Owner[]] = [
  [9009, 'M247'],
  [60068, 'Datacamp'],
];

const homeOf = (zone: string | null): Home => HOMES[zone ?? ''] ?? FALLBACK;
const lineAddress = (random: Random) => `10.${octet(random)}.${octet(random)}.${octet(random)}`;
const octet = (random: Random) => 1 + random.below(254);

export function homeLine(random: Random, zone: string | null): Network {
  const { asn, line, country } = homeOf(zone);
  return { net: 'resi', ip: lineAddress(random), asn, as_org: line, country };
}

/** A carrier has few addresses: a hundred people share one. */
export function phoneNetwork(random: Random, zone: string | null): Network {
  const { carrierAsn, carrier, country } = homeOf(zone);
  const ip = `198.18.${carrierAsn % 250}.${1 + random.below(3)}`;
  return { net: 'mobile', ip, asn: carrierAsn, as_org: carrier, country };
}

export function company(random: Random, zone: string | null): Network {
  const { country, asn } = homeOf(zone);
  const ip = `198.19.${asn % 250}.${1 + random.below(2)}`;
  return { net: 'corp', ip, asn: 64_600 + (asn % 50), as_org: 'Example Industries', country };
}

export function relay(random: Random, zone: string | null): Network {
  const [asn, as_org] = random.pick(RELAYS);
  const ip = `192.0.2.${1 + random.below(12)}`;
  return { net: 'relay', ip, asn, as_org, country: homeOf(zone).country };
}

/** Comes out anywhere, which need not be where its user lives. */
export function tunnel(random: Random): Network {
  const [asn, as_org] = random.pick(TUNNELS);
  const { country } = homeOf(ZONES[random.below(ZONES.length)] ?? null);
  return { net: 'vpn', ip: `203.0.113.${1 + random.below(6)}`, asn, as_org, country };
}

export function rentedServer(random: Random): Network {
  const [asn, as_org] = random.pick(RENTED);
  return { net: 'dc', ip: lineAddress(random), asn, as_org, country: random.pick(['US', 'DE']) };
}

/** Somebody's line anywhere, rented by the minute. */
export const proxy = (random: Random): Network =>
  homeLine(random, ZONES[random.below(ZONES.length)] ?? null);
