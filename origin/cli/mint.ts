import { SignJWT } from 'jose';

export interface TokenClaims {
  readonly sub: string;
  readonly role?: 'admin';
}

export const TOKEN_SECONDS = 3_600;

/** A token as the edge's development call makes them: HS256, one hour. */
export function mintToken(claims: TokenClaims, secret: string): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_SECONDS} s`)
    .sign(new TextEncoder().encode(secret));
}
