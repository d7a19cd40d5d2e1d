// What the headers of a POST say of the program that sent it. A Worker cannot see their order.
import type { Device } from '../../shared/device.ts';
import type { RequestFacts } from '../score/evidence.ts';
import { type Hit, hit } from '../score/judgement.ts';
import { type Agent, readAgent, systemOf } from './agent.ts';
import { brands, readBrands } from './brands.ts';

/** The first versions that send Fetch Metadata. */
const FETCH_METADATA_SINCE = { chromium: 80, gecko: 90, webkit: 17 } as const;
const HINTS_SINCE_MAJOR = 90;

export function headers(request: RequestFacts, device: Device | null): Hit[] {
  const { headers: sent, httpProtocol } = request;
  const agentText = sent.get('user-agent') ?? '';
  if (!/^mozilla\/5\.0 \(/i.test(agentText)) return [hit('library-agent')];
  const agent = readAgent(agentText);
  const hits: Hit[] = [];
  const isHeadless = /headless/i.test(`${agentText}${sent.get('sec-ch-ua') ?? ''}`);
  if (isHeadless && device === null) hits.push(hit('headless-agent'));
  if (device !== null && device.ua !== agentText) hits.push(hit('agent-changed'));

  if (!sent.has('origin')) hits.push(hit('no-origin'));
  if (lacksFetchMetadata(sent, agent)) hits.push(hit('no-fetch-metadata'));
  if (!sent.has('accept-language')) hits.push(hit('no-accepted-language'));
  else if (contradictsLanguages(sent, device)) hits.push(hit('languages-contradicted'));
  if (/^http\/1/i.test(httpProtocol ?? '')) hits.push(hit('old-protocol'));
  return [...hits, ...hints(sent, agent)];
}

type Sent = RequestFacts['headers'];

function lacksFetchMetadata(sent: Sent, { engine, major }: Agent): boolean {
  if (sent.has('sec-fetch-mode') && sent.has('sec-fetch-site')) return false;
  return engine === null || major >= FETCH_METADATA_SINCE[engine];
}

function hints(sent: Sent, agent: Agent): Hit[] {
  const header = sent.get('sec-ch-ua');
  const { engine, major, system, isMobile } = agent;
  if (header === undefined) {
    const isMissing = engine === 'chromium' && major >= HINTS_SINCE_MAJOR;
    return isMissing ? [hit('no-hints')] : [];
  }
  const listed = readBrands(header);
  const chromium = listed.find(({ brand }) => brand === 'Chromium');
  const hinted = systemOf(sent.get('sec-ch-ua-platform') ?? '');
  const isContradicted =
    engine === 'gecko' ||
    (chromium !== undefined && Number.parseInt(chromium.version, 10) !== major) ||
    (hinted !== null && hinted !== system) ||
    (sent.get('sec-ch-ua-mobile') === '?1' && !isMobile);
  return [...(isContradicted ? [hit('hints-contradicted')] : []), ...brands(listed)];
}

function contradictsLanguages(sent: Sent, device: Device | null): boolean {
  const spoken = device?.languages?.[0];
  if (spoken === undefined) return false;
  return !(sent.get('accept-language') ?? '').toLowerCase().includes(primary(spoken));
}

const primary = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';
