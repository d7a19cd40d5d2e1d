// Where a request comes from: weak signs all of them, for people travel, tunnel and work.
import type { Device } from '../../shared/device.ts';
import type { RequestFacts } from '../score/evidence.ts';
import { type Hit, hit } from '../score/judgement.ts';
import { readAgent } from './agent.ts';
import { continentsOf } from './continents.ts';
import { remembered } from './remembered.ts';

const RENTED =
  /amazon|\baws\b|google cloud|azure|digitalocean|hetzner|\bovh\b|alibaba|tencent cloud|oracle cloud|linode|vultr|choopa|contabo|leaseweb|scaleway|hosting|\bhost\b|\bservers?\b|\bvps\b|data ?cent|\bcolo|\bcloud\b/i;
/** Relays, tunnels of browsers, and ways in for companies: full of buyers. */
const PEOPLE = /relay|icloud|cloudflare|fastly|akamai|zscaler|netskope|google fiber|\bvpn\b/i;
const RENTED_SYSTEMS: ReadonlySet<number> = new Set([
  16509, 14618, 396982, 8075, 14061, 24940, 16276, 45102, 37963, 132203, 31898, 63949, 20473, 51167,
  12876, 60781, 28753, 8560, 197540, 213230, 55286, 40021, 46606, 26496,
]);

export function whereabouts(request: RequestFacts, device: Device | null): Hit[] {
  const hits: Hit[] = [];
  if (isRented(request)) hits.push(hit('data-centre'));
  if (device !== null && isElsewhere(device, request.country)) {
    hits.push(hit('zone-of-other-continent'));
  }
  return hits;
}

function isRented({ asn, asOrganization }: RequestFacts): boolean {
  const kind = kindOf(asOrganization ?? '');
  return kind === 'rented' || (kind === 'unknown' && asn !== null && RENTED_SYSTEMS.has(asn));
}

const kindOf = remembered((name): 'people' | 'rented' | 'unknown' => {
  if (PEOPLE.test(name)) return 'people';
  return RENTED.test(name) ? 'rented' : 'unknown';
});

/** Names by ocean (Atlantic, Pacific, Indian), and Firefox's masks, tell no continent. */
function isElsewhere({ tz, ua }: Device, country: string | null): boolean {
  const told = /^(Africa|America|Asia|Australia|Europe)\//.exec(tz ?? '')?.[1];
  if (told === undefined || country === null) return false;
  if (readAgent(ua).engine === 'gecko' && tz === 'Atlantic/Reykjavik') return false;
  const continents = continentsOf(country);
  return continents.length > 0 && !continents.includes(told);
}

/** The network's owner as far as roaming counts: a relay's owners are one. */
export function systemName({ asn, asOrganization }: RequestFacts): string {
  return kindOf(asOrganization ?? '') === 'people' ? 'relay' : String(asn ?? '');
}
