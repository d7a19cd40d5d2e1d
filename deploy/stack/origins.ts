// The origins of a stack: one, or several side by side that are each other's stand-ins.
import { join } from 'node:path';
import { freePort } from '../local/services/ports.ts';
import { type OriginService, startOrigin } from './origin.ts';
import type { Part } from './part.ts';

export interface OriginPorts {
  readonly origin?: number;
  readonly actuator?: number;
  readonly grpc?: number;
}

export interface OriginsPlan {
  readonly dir: string;
  readonly ports?: OriginPorts;
  readonly origins?: number;
  /** Processes by name with their ROLES, in place of `origins`; the first is `origin`. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Settings of every origin beside those that a stack needs. */
  readonly originVars?: Readonly<Record<string, string>>;
}

type Start = (
  name: string,
  by: (port?: number) => Promise<OriginService>,
) => Promise<Part<OriginService>>;

/** All of them, those that serve no buyers last. */
export const ORIGINS = ['origin', 'origin-2', 'origin-3', 'relay', 'writer'];
const SERVE_BUYERS = 3;
/** Live settings of the embedded stack, in its directory. */
export const LIVE_SETTINGS = 'config.json';
const DRAIN_SECONDS = 3;

/** The first one, which gets the ports that were asked for; the others find free ones. */
export async function startOrigins(
  { ports = {}, ...plan }: OriginsPlan,
  env: Record<string, string>,
  start: Start,
): Promise<readonly [Part<OriginService>, ...Part<OriginService>[]]> {
  const { roles = {} } = plan;
  const counted = ORIGINS.slice(1, Math.min(plan.origins ?? 1, SERVE_BUYERS));
  const names = plan.roles === undefined ? counted : Object.keys(roles).slice(1);
  // Who is alone has nobody to leave buyers to.
  const { dir } = plan;
  const common = {
    DRAIN_SECONDS: names.length > 0 ? String(DRAIN_SECONDS) : '0',
    LIVE_SETTINGS_FILE: join(dir, LIVE_SETTINGS),
    ...plan.originVars,
  };
  const rolesOf = (name: string) => (roles[name] === undefined ? {} : { ROLES: roles[name] });
  const own = { ...env, ...common, ...rolesOf('origin') };
  const first = startOneOrigin({ name: 'origin', dir, env: own, ports }, start);
  const others = names.map((name) => {
    const own = { ...env, ...common, ...rolesOf(name), INSTANCE: name };
    return startOneOrigin({ name, dir, env: own, ports: {} }, start);
  });
  return Promise.all([first, ...others]);
}

async function startOneOrigin(
  plan: { name: string; dir: string; env: Record<string, string>; ports: OriginPorts },
  start: Start,
): Promise<Part<OriginService>> {
  const { name, env } = plan;
  const origin = plan.ports.origin;
  // Started again, it is found in the same places.
  const actuatorPort = plan.ports.actuator ?? (await freePort());
  const grpcPort = plan.ports.grpc ?? (await freePort());
  return start(name, (port = origin) =>
    startOrigin({ dir: join(plan.dir, name), env, port, actuatorPort, grpcPort }),
  );
}
