// What a judgement may rest on. Everything is read before: rules are pure and get the time told.
import type { Device, InputSummary } from '../../shared/device.ts';
import type { Likeness } from '../fingerprint/likeness.ts';
import type { DeviceFacts, PurchaseFacts } from './facts.ts';
import type { Weights } from './judgement.ts';

/** A request as its headers and Cloudflare tell it. */
export interface RequestFacts {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The client's network, as ip-limit counts it. */
  readonly network: string;
  readonly asn: number | null;
  readonly asOrganization: string | null;
  /** ISO 3166, two letters. */
  readonly country: string | null;
  /** `HTTP/2` and the like. */
  readonly httpProtocol: string | null;
  /** Where the plan has it; nothing may depend on it. */
  readonly botManagement: { readonly score: number | null; readonly ja4: string | null } | null;
}

/** How hard the proof was that a device token was given for. */
export type ProofLevel = 'ordinary' | 'strong';

/** What a checked device token of this user says. */
export interface DeviceTokenFacts {
  /** What `judgeDevice` said. */
  readonly score: number;
  /** Names of the rules that hit then, the weightiest first, as many as fit the token. */
  readonly hits: readonly string[];
  readonly level: ProofLevel;
  /** Whether the collector's signals, and an input summary, were there. */
  readonly hasDevice: boolean;
  readonly hasInput: boolean;
  /** How many devices say exactly the same: `likenessOf(device)`. */
  readonly likeness: Likeness;
  /** Epoch ms. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface DeviceEvidence {
  /** null: no JavaScript, or a blocked collector. */
  readonly device: Device | null;
  readonly input: InputSummary | null;
  readonly request: RequestFacts;
  readonly facts: DeviceFacts;
  /** Since the page was served; null without a valid page token. */
  readonly pageAgeMs: number | null;
  readonly level: ProofLevel;
  /** Epoch ms. */
  readonly now: number;
  /** Set by an operator in place of the table's. */
  readonly weights?: Weights | undefined;
}

export interface PurchaseEvidence {
  readonly token: DeviceTokenFacts;
  readonly request: RequestFacts;
  readonly facts: PurchaseFacts;
  readonly pageAgeMs: number | null;
  readonly now: number;
  /** From when a purchase counts, epoch ms: entryOpensAt where there is a draw, else the start. */
  readonly opensAt: number;
  /** Set by an operator in place of the table's. */
  readonly weights?: Weights | undefined;
}
