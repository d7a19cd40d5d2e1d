// What a judgement may rest on. Everything is read before: rules are pure and get the time told.
import type { Device, InputSummary } from '../../shared/device.ts';

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

/**
 * How many different ones were seen today, this request included. Counted by HyperLogLog: exact for
 * small numbers, within 1 % for large ones.
 */
export interface DeviceFacts {
  /** This very device: every signal alike. Identical phones of one place collide. */
  readonly accountsOfDevice: number;
  readonly networksOfDevice: number;
  /** Devices of this make (`modelOf`): how common it is. */
  readonly accountsOfModel: number;
  readonly networksOfModel: number;
  /** The same input summary, number by number; 0 where none was sent. */
  readonly accountsOfInput: number;
  readonly accountsOfNetwork: number;
  readonly devicesOfNetwork: number;
  readonly devicesOfAccount: number;
  readonly networksOfAccount: number;
  /** All accounts and devices of the day: what "common" is measured against. */
  readonly accountsAll: number;
  readonly devicesAll: number;
}

/** What this user did in this activity, this request included. */
export interface CadenceFacts {
  readonly purchases: number;
  /** Requests before the activity's start. */
  readonly probesBeforeStart: number;
  /** Ms from the start to the first request after it; null while none came after it. */
  readonly reactionMs: number | null;
  /** Ms between requests, latest last, at most 16; empty at the first. */
  readonly gapsMs: readonly number[];
}

/** Counted anew at the purchase: what came after the device was judged shows here. */
export interface PurchaseFacts extends DeviceFacts {
  readonly cadence: CadenceFacts;
}

/** How hard the proof was that a device token was given for. */
export type ProofLevel = 'ordinary' | 'strong';

/** What a checked device token of this user says. */
export interface DeviceTokenFacts {
  /** What `judgeDevice` said. */
  readonly score: number;
  /** Names of the rules that hit then, the weightiest first, at most `KEPT_HITS`. */
  readonly hits: readonly string[];
  readonly level: ProofLevel;
  /** Whether the collector's signals, and an input summary, were there. */
  readonly hasDevice: boolean;
  readonly hasInput: boolean;
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
}

export interface PurchaseEvidence {
  readonly token: DeviceTokenFacts;
  readonly request: RequestFacts;
  readonly facts: PurchaseFacts;
  readonly pageAgeMs: number | null;
  readonly now: number;
  readonly startAt: number;
}
