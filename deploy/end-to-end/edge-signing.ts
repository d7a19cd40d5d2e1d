// The edge's signature, written down once more from the contract: a second opinion on what both
// sides of ours agree on, and the tool to make signatures that are almost right.
import { createHash, createHmac, randomBytes } from 'node:crypto';

export interface SignedCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly target: string;
  readonly claims: object;
  /** `id:secret` */
  readonly key: string;
  readonly time?: number;
  readonly nonce?: string;
}

export function signatureHeaders(call: SignedCall): Record<string, string> {
  const [id = '', secret = ''] = call.key.split(':');
  const time = String(call.time ?? Date.now());
  const nonce = call.nonce ?? randomBytes(16).toString('base64url');
  const claims = Buffer.from(JSON.stringify(call.claims)).toString('base64url');
  const bodyHash = createHash('sha256').update(call.body).digest('hex');
  const text = [call.method, call.path, bodyHash, time, nonce, call.target, claims].join('\n');
  return {
    'x-edge-key-id': id,
    'x-edge-time': time,
    'x-edge-nonce': nonce,
    'x-edge-target': call.target,
    'x-edge-claims': claims,
    'x-edge-signature': createHmac('sha256', secret).update(text).digest('base64url'),
  };
}
