// Speaks Cloudflare Turnstile's siteverify protocol on this machine: a token counts once, and what
// it stands for is written in it as `action:cdata:nonce`.
// https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
import { createServer } from 'node:http';
import { LOOPBACK } from '../../deploy/local/services/ports.ts';

export interface TurnstileStandIn {
  readonly url: string;
  stop(): Promise<void>;
}

const MAX_TOKEN_LENGTH = 2048;

export async function startTurnstileStandIn(secretKey: string): Promise<TurnstileStandIn> {
  const used = new Set<string>();
  function verify(asked: Readonly<Record<string, unknown>>): object {
    const fail = (code: string) => ({ success: false, 'error-codes': [code] });
    const { secret, response } = asked;
    if (typeof secret !== 'string') return fail('missing-input-secret');
    if (secret !== secretKey) return fail('invalid-input-secret');
    if (typeof response !== 'string') return fail('missing-input-response');
    const [action, cdata, nonce] = response.split(':');
    if (nonce === undefined || response.length > MAX_TOKEN_LENGTH) {
      return fail('invalid-input-response');
    }
    if (used.has(response)) return fail('timeout-or-duplicate');
    used.add(response);
    const time = new Date().toISOString();
    return { success: true, challenge_ts: time, hostname: 'shop.example', action, cdata };
  }
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(verify(JSON.parse(text))));
  });
  await new Promise<void>((done) => server.listen(0, LOOPBACK, done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://${LOOPBACK}:${address.port}/turnstile/v0/siteverify`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
