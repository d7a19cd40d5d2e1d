// The buyer's page: static files, the headers that a bare file server does not set, and in each
// document when it was served.

import type { Turnstile } from '../shared/edge-settings.ts';
import { refuse, respond } from './answer.ts';
import type { Call } from './call.ts';
import type { PageTokens } from './page-token/page-token.ts';
import { fillIn, type SaleSeen } from './plain-facts.ts';
import type { SaleStatuses } from './sale/sale-statuses.ts';
import { serverTime } from './sale/status-memory.ts';

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['json', 'application/json'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
  ['txt', 'text/plain; charset=utf-8'],
  ['webmanifest', 'application/manifest+json'],
]);
const TURNSTILE = 'https://challenges.cloudflare.com';
// No dots but before the extension and no empty parts: a file server must not see directories.
const FILE = /^(\/[A-Za-z0-9_-]+)+(\.[A-Za-z0-9_-]+)*\.([a-z0-9]+)$/;

export interface PageParts {
  readonly assets: Fetcher | undefined;
  readonly pageTokens: PageTokens;
  readonly turnstile: Turnstile | undefined;
}

/** The page of a sale, with how the sale stands for who sees it without scripts. */
export async function serveSalePage(
  parts: PageParts & { readonly statuses: SaleStatuses },
  call: Call,
  skuId: string,
): Promise<Response> {
  const reading = await parts.statuses.read(skuId, call);
  const seen: SaleSeen =
    reading.kind === 'sale'
      ? { ...reading.sale, kind: 'sale', nowMs: serverTime(reading.sale, Date.now()) }
      : reading;
  return servePage(parts, call, { path: '/sale.html', seen });
}

export async function servePage(
  parts: PageParts,
  call: Call,
  { path, seen }: { readonly path: string; readonly seen?: SaleSeen },
): Promise<Response> {
  const { assets } = parts;
  const contentType = CONTENT_TYPES.get(FILE.exec(path)?.[3] ?? '');
  if (assets === undefined || contentType === undefined) return refuse(call, { kind: 'not-found' });
  const file = await assets.fetch(new URL(path, 'https://assets.invalid'));
  if (file.status !== 200) {
    await file.body?.cancel();
    return refuse(call, { kind: 'not-found' });
  }
  const headers = {
    'content-type': contentType,
    'content-security-policy': contentPolicy(parts.turnstile !== undefined ? [TURNSTILE] : []),
    'referrer-policy': 'same-origin',
  };
  if (contentType.startsWith('text/html')) {
    // Each copy bears its own time: none may be kept.
    const html = withPageToken(await file.text(), await parts.pageTokens.sign(Date.now()));
    const body = seen === undefined ? html : fillIn(html, seen);
    return respond(call, { status: 200, headers, body });
  }
  const etag = file.headers.get('etag');
  const kept = { 'cache-control': 'public, max-age=300', ...(etag === null ? {} : { etag }) };
  return respond(call, { status: 200, headers: { ...headers, ...kept }, body: file.body });
}

/** Comes back as `X-Page-Token`; base64url and dots, so that nothing needs escaping. */
const withPageToken = (html: string, token: string): string =>
  html.replace('</head>', `<meta name="page-token" content="${token}"></head>`);

function contentPolicy(others: readonly string[]): string {
  return [
    "default-src 'self'",
    ...(others.length > 0
      ? [`script-src 'self' ${others.join(' ')}`, `frame-src ${others.join(' ')}`]
      : []),
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
