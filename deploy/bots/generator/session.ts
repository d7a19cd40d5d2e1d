// A session as it is written down: what a client has, and what it sends when.
import type { Device, InputSummary } from '../../../shared/device.ts';
import type { Random } from '../../crowd/random.ts';
import type { Session, SessionRequest } from '../corpus.ts';
import type { Network } from './networks.ts';

export const START_AT = 1_800_000_000_000;

export interface Client {
  readonly label: 'human' | 'bot';
  readonly family: string;
  readonly device: Device | null;
  readonly input: InputSummary | null;
  /** Of the calls of a page, without those that name the shop. */
  readonly headers: Readonly<Record<string, string>>;
  readonly networkAt: (index: number) => Network;
  readonly http?: string;
  readonly ja4?: string;
}

export interface Plan {
  /** From the start, ms; those of a page are loads, `collect` shows the device. */
  readonly pages: readonly number[];
  readonly collect: number | undefined;
  readonly purchases: readonly number[];
  readonly polls?: readonly number[];
  readonly ticket?: string;
}

const SHOP = 'https://shop.example';

export function sessionOf(id: string, client: Client, plan: Plan): Session {
  const { label, family, device, input } = client;
  const ticket = plan.ticket ?? `ticket-of-${id}`;
  const sent = [
    ...plan.pages.map((at) => ({ at, action: 'page' as const, path: '/drop/1' })),
    ...(plan.collect === undefined
      ? []
      : [{ at: plan.collect, action: 'collect' as const, path: '/collect' }]),
    ...plan.purchases.map((at) => ({ at, action: 'buy' as const, path: '/buy', ticket })),
    ...(plan.polls ?? []).map((at) => ({ at, action: 'poll' as const, path: '/api/stock' })),
  ].sort((a, b) => a.at - b.at);
  return {
    t0: START_AT,
    session_id: id,
    user_id: `user-${id}`,
    ...{ label, family, net: client.networkAt(0).net },
    device: device === null ? null : { ...device },
    input: input === null ? null : { ...input },
    requests: sent.map((each, index) => requestOf(client, index, each)),
  };
}

type Sent = Pick<SessionRequest, 'action' | 'path'> & { at: number; ticket?: string };

function requestOf(client: Client, index: number, sent: Sent): SessionRequest {
  const { ip, asn, as_org, country } = client.networkAt(index);
  const { at, action, path, ticket = null } = sent;
  const isPost = action === 'buy' || action === 'collect';
  const isBrowser = 'sec-fetch-mode' in client.headers;
  const headers = {
    ...client.headers,
    ...(isPost && isBrowser && { origin: SHOP, referer: `${SHOP}/drop/1` }),
  };
  return {
    t: START_AT + Math.round(at),
    ...{ ip, asn, as_org, country },
    http: client.http ?? '2',
    ja4: client.ja4 ?? ja4Of(client.headers['user-agent'] ?? ''),
    ...{ action, path, ticket },
    headers: Object.entries(headers),
  };
}

/** The middle part, as browsers of the day have it. */
function ja4Of(agent: string): string {
  if (agent.includes('Firefox')) return 't13d1717h2_5b57614c22b0_3cbfd9057e0d';
  if (agent.includes('Chrome/')) return 't13d1516h2_8daaf6152771_d8a2da3f94cd';
  return 't13d2014h2_a09f3c656075_e42f34c56612';
}

/** Times that follow each other by gaps drawn anew. */
export function following(first: number, count: number, gap: () => number): [number, ...number[]] {
  const times: [number, ...number[]] = [first];
  let last = first;
  for (let n = 1; n < count; n += 1) {
    last += gap();
    times.push(last);
  }
  return times;
}

/** Lognormal: most near the median, some far above. */
export function around(random: Random, median: number, spread: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * random.next()));
}
