import { describe, expect, it } from 'vitest';
import type { RequestFacts } from '../score/evidence.ts';
import { botManagement } from './bot-management.ts';
import { headers } from './headers.ts';
import { systemName, whereabouts } from './whereabouts.ts';

const chrome = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36',
  'accept-language': 'de-DE,de;q=0.9',
  origin: 'https://shop.example',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
  'sec-ch-ua': '"Google Chrome";v="147", "Not.A/Brand";v="8", "Chromium";v="147"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Windows"',
};

function requestOf(sent: Record<string, string>, facts: Partial<RequestFacts> = {}): RequestFacts {
  return {
    headers: new Map(Object.entries(sent)),
    network: '10.0.0.1',
    ...{ asn: null, asOrganization: null, country: null, httpProtocol: 'HTTP/2' },
    botManagement: null,
    ...facts,
  };
}
const rulesOf = (sent: Record<string, string>, facts?: Partial<RequestFacts>) =>
  headers(requestOf(sent, facts), null).map(({ rule }) => rule);
const without = (name: keyof typeof chrome) =>
  Object.fromEntries(Object.entries(chrome).filter(([other]) => other !== name));

it('finds nothing in what a browser sends', () => {
  expect(rulesOf(chrome)).toEqual([]);
});

it('knows a library by its name, or by none', () => {
  expect(rulesOf({ 'user-agent': 'curl/8.5.0' })).toEqual(['library-agent']);
  expect(rulesOf({})).toEqual(['library-agent']);
});

describe('a library that says it is a browser', () => {
  it.each([
    ['origin', 'no-origin'],
    ['sec-fetch-mode', 'no-fetch-metadata'],
    ['accept-language', 'no-accepted-language'],
    ['sec-ch-ua', 'no-hints'],
  ] as const)('without %s: %s', (name, rule) => {
    expect(rulesOf(without(name))).toEqual([rule]);
  });

  it('over HTTP/1.1', () => {
    expect(rulesOf(chrome, { httpProtocol: 'HTTP/1.1' })).toEqual(['old-protocol']);
  });

  it.each([
    { 'sec-ch-ua-platform': '"Linux"' },
    { 'sec-ch-ua-mobile': '?1' },
    { 'sec-ch-ua': '"Google Chrome";v="146", "Not-A.Brand";v="24", "Chromium";v="146"' },
  ])('with hints of another: %o', (changed) => {
    expect(rulesOf({ ...chrome, ...changed })).toEqual(['hints-contradicted']);
  });
});

describe('whereabouts', () => {
  const rented = (asn: number | null, asOrganization: string) =>
    whereabouts(requestOf(chrome, { asn, asOrganization }), null).map(({ rule }) => rule);

  it('knows rented servers by number or name', () => {
    expect(rented(16509, 'Example')).toEqual(['data-centre']);
    expect(rented(null, 'Quick Cloud Hosting')).toEqual(['data-centre']);
  });

  it('takes relays and tunnels for the people behind them', () => {
    expect(rented(54113, 'Fastly iCloud Relay')).toEqual([]);
    expect(rented(13335, 'Cloudflare WARP')).toEqual([]);
    expect(rented(7922, 'Comcast')).toEqual([]);
  });

  it("counts a relay's owners as one", () => {
    const nameOf = (asOrganization: string) => systemName(requestOf({}, { asOrganization }));
    expect(nameOf('Fastly iCloud Relay')).toBe(nameOf('Akamai iCloud Relay'));
  });
});

describe("Cloudflare's opinion, where there is one", () => {
  const rules = (told: RequestFacts['botManagement'], sent: Record<string, string> = chrome) =>
    botManagement(requestOf(sent, { botManagement: told })).map(({ rule }) => rule);

  it('counts', () => {
    expect(rules({ score: 1, ja4: null })).toEqual(['managed-bot']);
    expect(rules({ score: 20, ja4: null })).toEqual(['managed-suspect']);
    expect(rules({ score: null, ja4: 't13d4312h1_c7886603b240_b26ce05bbdd6' })).toEqual([
      'tls-of-no-browser',
    ]);
  });

  it('is not needed', () => {
    expect(rules(null)).toEqual([]);
    expect(rules({ score: 90, ja4: 't13d1516h2_8daaf6152771_d8a2da3f94cd' })).toEqual([]);
    expect(rules({ score: null, ja4: 'nonsense' })).toEqual([]);
  });
});
