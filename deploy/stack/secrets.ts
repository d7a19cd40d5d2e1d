// What the parts of one stack share to believe each other. Made once and kept, so that tickets,
// receipts and tokens outlive a restart.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const secretsSchema = v.object({
  /** Signs the tokens of buyers and admins, HS256. */
  jwt: v.string(),
  /** Signs payment callbacks, in the form of Standard Webhooks. */
  webhook: v.string(),
  /** `id:secret` of the edge's signature on what it forwards. */
  edgeSignature: v.string(),
  ticket: v.string(),
  receipt: v.string(),
  userKey: v.string(),
  /** Between origin and payment gateway: signs payment links, bearer token of calls. */
  gateway: v.string(),
  /** Device tokens and challenges. */
  device: v.string(),
  /** Bearer token of the REST bridge. */
  bridge: v.string(),
});

export type Secrets = Readonly<v.InferOutput<typeof secretsSchema>>;

const OWNER_ONLY = 0o600;

export function makeSecrets(): Secrets {
  const secret = () => randomBytes(32).toString('base64url');
  return {
    jwt: secret(),
    webhook: `whsec_${randomBytes(32).toString('base64')}`,
    edgeSignature: `local:${secret()}`,
    ticket: secret(),
    receipt: secret(),
    userKey: secret(),
    gateway: secret(),
    device: secret(),
    bridge: secret(),
  };
}

/** The secrets in `file`; what is missing there is made, and kept for the file's owner alone. */
export function keepSecrets(file: string): Secrets {
  const kept = existsSync(file)
    ? v.parse(v.partial(secretsSchema), JSON.parse(readFileSync(file, 'utf8')))
    : {};
  const secrets = v.parse(secretsSchema, { ...makeSecrets(), ...kept });
  if (Object.keys(kept).length === Object.keys(secrets).length) return secrets;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: OWNER_ONLY });
  return secrets;
}
