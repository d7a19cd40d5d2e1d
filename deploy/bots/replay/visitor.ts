// One session as a client of the Worker: it has what a browser would have kept, and sends what the
// corpus says it sent.
import { createSecretKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { challengeIn, solveProof } from '../../crowd/solve-proof.ts';
import type { Session, SessionRequest } from '../corpus.ts';
import { JWT_SECRET, ORDINARY_MAX_NUMBER, SKU } from './shop.ts';

const ORIGIN = 'https://shop.example';
const PAGE_TOKEN = /<meta name="page-token" content="([^"]*)"/;
const key: KeyObject = createSecretKey(Buffer.from(JWT_SECRET));

export type Send = (request: Request) => Promise<Response>;

export interface Answer {
  readonly status: number;
  /** The last part of a problem's type, or ''. */
  readonly problem: string;
}

export interface Visitor {
  readonly session: Session;
  hasOpenedPage: boolean;
  /** Whether its device was shown, whatever came of it. */
  hasShown: boolean;
  deviceToken: string | undefined;
  pageToken: string | undefined;
}

export interface Setting {
  readonly send: Send;
  readonly hasBotManagement: boolean;
}

export function createVisitor(session: Session): Visitor {
  const nothing = { deviceToken: undefined, pageToken: undefined };
  return { session, hasOpenedPage: false, hasShown: false, ...nothing };
}

export async function openPage(
  visitor: Visitor,
  sent: SessionRequest,
  setting: Setting,
): Promise<void> {
  const path = sent.path === '/' ? '/' : `/sale/${SKU}`;
  const answer = await setting.send(requestOf({ visitor, sent, setting }, path));
  visitor.hasOpenedPage = true;
  visitor.pageToken = PAGE_TOKEN.exec(await answer.text())?.[1] ?? visitor.pageToken;
}

export async function poll(
  visitor: Visitor,
  sent: SessionRequest,
  setting: Setting,
): Promise<void> {
  await (await setting.send(requestOf({ visitor, sent, setting }, `/api/sales/${SKU}`))).text();
}

/** Shows the device with an ordinary proof; a stronger one is solved by nobody. */
export async function showDevice(
  visitor: Visitor,
  sent: SessionRequest,
  setting: Setting,
): Promise<Answer> {
  const asked = await setting.send(requestOf({ visitor, sent, setting }, '/api/challenge'));
  const challenge = challengeIn(await asked.json());
  const isOrdinary = challenge !== undefined && challenge.maxnumber <= ORDINARY_MAX_NUMBER;
  const proof = isOrdinary ? await solveProof(challenge) : undefined;
  if (proof === undefined) return { status: asked.status, problem: 'unsolved' };
  const { device, input } = visitor.session;
  const body = { ...(device && { device }), ...(input && { input }), proof };
  const answer = await setting.send(requestOf({ visitor, sent, setting }, '/api/device', body));
  const told: Record<string, unknown> = { ...(await answer.json()) };
  visitor.hasShown ||= answer.status !== 429;
  if (typeof told.deviceToken === 'string') visitor.deviceToken = told.deviceToken;
  return { status: answer.status, problem: problemIn(told) };
}

export async function buy(
  visitor: Visitor,
  sent: SessionRequest,
  setting: Setting & { readonly ticket: string | undefined },
): Promise<Answer> {
  const { ticket } = setting;
  const body = ticket === undefined ? {} : { ticket };
  const path = `/api/seckill/${SKU}`;
  const answer = await setting.send(requestOf({ visitor, sent, setting }, path, body));
  return { status: answer.status, problem: problemIn({ ...(await answer.json()) }) };
}

const problemIn = ({ type }: Record<string, unknown>): string =>
  typeof type === 'string' ? (type.split('/').at(-1) ?? '') : '';

interface Sending {
  readonly visitor: Visitor;
  readonly sent: SessionRequest;
  readonly setting: Setting;
}

function requestOf({ visitor, sent, setting }: Sending, path: string, body?: object): Request {
  const headers = new Headers();
  for (const [name, value] of sent.headers) headers.set(name, value);
  headers.set('cf-connecting-ip', sent.ip);
  if (path.startsWith('/api/')) {
    headers.set('authorization', `Bearer ${tokens.get(visitor.session.user_id) ?? ''}`);
    if (visitor.deviceToken !== undefined) headers.set('x-device-token', visitor.deviceToken);
    if (visitor.pageToken !== undefined) headers.set('x-page-token', visitor.pageToken);
  }
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  if (body !== undefined) headers.set('content-type', 'application/json');
  const request = new Request(new URL(path, ORIGIN), { ...init, headers });
  const { asn, as_org: asOrganization, country, ja4 } = sent;
  const cf = {
    ...{ asn, asOrganization, country, httpProtocol: `HTTP/${sent.http ?? '1.1'}` },
    ...(setting.hasBotManagement && { botManagement: { ja4 } }),
  };
  return Object.defineProperty(request, 'cf', { value: cf });
}

const tokens = new Map<string, string>();

/** Signs the users' tokens ahead, for signing is no part of what is replayed. */
export async function signTokens(sessions: readonly Session[]): Promise<void> {
  for (const { user_id, t0 } of sessions) {
    const expiresAt = Math.floor(t0 / 1_000) + 86_400;
    const token = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(user_id);
    tokens.set(user_id, await token.setExpirationTime(expiresAt).sign(key));
  }
}
