// The headers with which a browser's page calls the shop it came from.
import type { Device } from '../../shared/device.ts';

/** Without `origin` and `referer`, which name the shop. */
export function apiHeaders(device: Device): Record<string, string> {
  return {
    'user-agent': device.ua,
    accept: '*/*',
    'accept-language': languagesOf(device.languages ?? []),
    'accept-encoding': 'gzip, deflate, br, zstd',
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    ...hintsOf(device),
  };
}

/** `en-GB,en;q=0.9`: what is wanted less says so. */
function languagesOf(languages: readonly string[]): string {
  const weight = (index: number) => (index === 0 ? '' : `;q=${Math.max(1, 10 - index) / 10}`);
  return languages.map((language, index) => `${language}${weight(index)}`).join(',');
}

/** Client hints: of browsers that have userAgentData, and of no others. */
function hintsOf({ uad }: Device): Record<string, string> {
  if (uad === null) return {};
  const brands = uad.b.map(({ brand, version }) => `"${brand}";v="${version}"`);
  return {
    'sec-ch-ua': brands.join(', '),
    'sec-ch-ua-mobile': uad.m === true ? '?1' : '?0',
    'sec-ch-ua-platform': `"${uad.p}"`,
    priority: 'u=1, i',
  };
}
