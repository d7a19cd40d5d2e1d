// Who stands before a sale: the user, and the device as its token tells.
import type { Call } from '../call.ts';
import type { DeviceToken, DeviceTokens } from '../device/device-token.ts';
import type { Counter, Counting } from '../facts/counting.ts';
import { dayOf, type FactNames } from '../facts/fact-names.ts';
import { countPurchase } from '../facts/purchase-facts.ts';
import { systemName } from '../fingerprint/whereabouts.ts';
import type { Client } from '../ip-limit/ip-limit.ts';
import type { PageTokens } from '../page-token/page-token.ts';
import { requestFactsOf } from '../request-facts.ts';
import type { RequestFacts } from '../score/evidence.ts';
import type { PurchaseFacts } from '../score/facts.ts';

export interface VisitorParts {
  readonly names: FactNames;
  readonly deviceTokens: DeviceTokens;
  readonly pageTokens: PageTokens;
  readonly counter: Counter;
}

/** What a device token brings along; without a valid one there is nothing to judge by. */
export interface Witness {
  readonly token: DeviceToken;
  readonly request: RequestFacts;
  readonly pageAgeMs: number | null;
}

export interface Visitor {
  readonly skuId: string;
  readonly userKey: string;
  /** HMAC of the user, the same in all sales. */
  readonly user: string;
  readonly client: Client;
  readonly witness: Witness | undefined;
}

export async function meetVisitor(
  { names, deviceTokens, pageTokens }: VisitorParts,
  call: Call,
  { skuId, userKey, userId }: { skuId: string; userKey: string; userId: string },
): Promise<Visitor> {
  const { headers } = call.request;
  const { network } = call;
  const now = Date.now();
  const user = await names.user(userId);
  const token = await deviceTokens.open(headers.get('x-device-token') ?? '', { user, now });
  if (token === undefined) {
    return { skuId, userKey, user, client: { network }, witness: undefined };
  }
  const pageAgeMs = await pageTokens.ageOf(headers.get('x-page-token'), now);
  let request: RequestFacts | undefined;
  const witness = {
    token,
    pageAgeMs,
    // Read when somebody is judged, which most repeats are not.
    get request() {
      request ??= requestFactsOf(call);
      return request;
    },
  };
  return { skuId, userKey, user, client: { network, deviceId: token.names.device }, witness };
}

export interface VisitMoment {
  readonly now: number;
  /** Where the sale is known. */
  readonly opensAt: number | undefined;
}

/** What is counted for this visitor. */
export async function countVisit(
  { names, counter }: VisitorParts,
  { skuId, user, client, witness }: Visitor,
  { now, opensAt }: VisitMoment,
): Promise<Counting<PurchaseFacts> | undefined> {
  if (witness === undefined) return undefined;
  const { token, request, pageAgeMs } = witness;
  const day = dayOf(token.issuedAt);
  const network = await names.network(client.network, day);
  const { device, hardware } = token.names;
  const system = systemName(request);
  const of = { skuId, day, user, network, system, device, hardware, now, opensAt, pageAgeMs };
  return countPurchase(counter, of);
}
