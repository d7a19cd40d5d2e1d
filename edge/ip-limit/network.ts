// What counts as one client on the network: an IPv4 address, or the /64 of an IPv6 address, for
// that much belongs to one line.

const OCTET = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** `1.2.3.4`, `2001:db8:0:1::/64`, or `unknown` for what is no address. */
export function networkOf(address: string): string {
  const text = address.trim().toLowerCase();
  if (!text.includes(':')) return parseIpv4(text) === undefined ? 'unknown' : text;
  const groups = parseIpv6(text);
  if (groups === undefined) return 'unknown';
  const mapped = ipv4Of(groups);
  if (mapped !== undefined) return mapped;
  return `${groups.slice(0, NETWORK_GROUPS).map(hex).join(':')}::/64`;
}

const hex = (group: number): string => group.toString(16);

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part))) return undefined;
  const octets = parts.map(Number);
  return octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** The eight groups of an IPv6 address (RFC 4291, section 2.2), its last 32 bits also dotted. */
function parseIpv6(text: string): readonly number[] | undefined {
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === GROUPS ? head : undefined;
  if (tail === undefined) return undefined;
  const missing = GROUPS - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function withoutDots(text: string): string {
  const lastColon = text.lastIndexOf(':');
  const octets = parseIpv4(text.slice(lastColon + 1));
  if (octets === undefined) return text;
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return `${text.slice(0, lastColon + 1)}${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => GROUP.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined;
}

/** The IPv4 address inside `::ffff:0:0/96`, which is the same client as without the wrapping. */
function ipv4Of(groups: readonly number[]): string | undefined {
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isMapped) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}
