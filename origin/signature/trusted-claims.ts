// Claims of a caller inside this process, who has checked them already.
import { EDGE_HEADERS } from '../../shared/edge-signature.ts';
import { parseClaims, type SignatureResult, type SignedRequest } from './signature.ts';

/** For applications without a listener only: whoever reaches them is this process. */
export function trustClaims({ headers }: Pick<SignedRequest, 'headers'>): SignatureResult {
  const text = headers[EDGE_HEADERS.claims];
  if (typeof text !== 'string') return { kind: 'unsigned' };
  const claims = parseClaims(text);
  return claims === undefined ? { kind: 'refused', why: 'malformed' } : { kind: 'signed', claims };
}
