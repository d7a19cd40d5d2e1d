// What one variable cannot say alone: rules between variables, and what only a machine of one's own
// may have. Judges the texts as given, so that it can speak beside the schema.

export const ROLES = ['api', 'jobs', 'relay', 'writer'] as const;

type Given = Readonly<Record<string, string | undefined>>;

export interface Ground {
  readonly stack: 'embedded' | 'full';
  /** The secrets that everybody knows, for they stand in the code. */
  readonly localSecrets: Given;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|.+\.localhost)$/;

export function faultsBetween(given: Given, { stack, localSecrets }: Ground): string[] {
  const { PROFILE = 'local', JWT_SECRET, JWKS_URL } = given;
  const isDeployed = PROFILE === 'staging' || PROFILE === 'production';
  const faults = isDeployed ? deployedFaults(given, { stack, localSecrets }, PROFILE) : [];
  if (JWT_SECRET === undefined && JWKS_URL === undefined) {
    faults.push('JWT_SECRET or JWKS_URL is required');
  }
  if ((given.PAYMENT_GATEWAY === undefined) !== (given.PAYMENT_GATEWAY_SECRET === undefined)) {
    faults.push('PAYMENT_GATEWAY and PAYMENT_GATEWAY_SECRET go together');
  }
  const roles = new Set(given.ROLES?.split(',').map((role) => role.trim()) ?? ROLES);
  if (stack === 'embedded' && roles.size < ROLES.length) {
    faults.push('ROLES cannot be split on the embedded stack');
  }
  return faults;
}

/** What staging and production refuse. */
function deployedFaults(given: Given, { stack, localSecrets }: Ground, profile: string): string[] {
  const faults: string[] = [];
  if (stack === 'embedded') faults.push(`STACK must be full in ${profile}`);
  if (given.ALLOW_UNSIGNED === 'true') faults.push(`ALLOW_UNSIGNED is refused in ${profile}`);
  if (given.MYSQL_PASSWORD === undefined) faults.push('MYSQL_PASSWORD is required');
  if (given.REDIS_DURABILITY === 'everysec') {
    faults.push(`REDIS_DURABILITY must be always or wait:n in ${profile}`);
  }
  for (const [name, known] of Object.entries(localSecrets)) {
    if (given[name] === known) faults.push(`${name} is the one for development`);
  }
  const hostnames = given.ORIGIN_HOSTNAMES?.split(',').map((name) => name.trim());
  if (hostnames === undefined) {
    faults.push('ORIGIN_HOSTNAMES is required: the first is what edges call');
  } else if (LOOPBACK.test(hostnames[0] ?? '')) {
    faults.push(`ORIGIN_HOSTNAMES must not begin with a loopback name in ${profile}`);
  }
  if (given.PAYMENT_GATEWAY === undefined) faults.push('PAYMENT_GATEWAY is required');
  const paid = given.PAYMENT_GATEWAY_PUBLIC ?? given.PAYMENT_GATEWAY;
  if (paid?.startsWith('http:') === true) {
    faults.push(`where buyers pay must begin with https in ${profile}`);
  }
  if (given.JWKS_URL?.startsWith('http:') === true) {
    faults.push(`JWKS_URL must begin with https in ${profile}`);
  }
  return faults;
}
