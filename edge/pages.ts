// The buyer's page: static files, and the headers that a bare file server does not set.
import { refuse, respond } from './answer.ts';
import type { Call } from './call.ts';

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
const CONTENT_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
// No dots but before the extension and no empty parts: a file server must not see directories.
const FILE = /^(\/[A-Za-z0-9_-]+)+(\.[A-Za-z0-9_-]+)*\.([a-z0-9]+)$/;

export async function servePage(
  assets: Fetcher | undefined,
  call: Call,
  path: string,
): Promise<Response> {
  const contentType = CONTENT_TYPES.get(FILE.exec(path)?.[3] ?? '');
  if (assets === undefined || contentType === undefined) return refuse(call, { kind: 'not-found' });
  const file = await assets.fetch(new URL(path, 'https://assets.invalid'));
  if (file.status !== 200) {
    await file.body?.cancel();
    return refuse(call, { kind: 'not-found' });
  }
  const etag = file.headers.get('etag');
  const headers = {
    'content-type': contentType,
    'content-security-policy': CONTENT_POLICY,
    'referrer-policy': 'same-origin',
    'cache-control': contentType.startsWith('text/html') ? 'no-cache' : 'public, max-age=300',
    ...(etag === null ? {} : { etag }),
  };
  return respond(call, { status: 200, headers, body: file.body });
}
