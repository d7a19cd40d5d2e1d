// A plain model of the contract's rules for edits: what each call answers, and what is then so.

export interface Body {
  readonly skuId: string;
  readonly stock: number;
  readonly price: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly limitPerUser: number;
  readonly ratePerSecond: number;
  readonly capacity: number | undefined;
  readonly queueLimit: number;
  readonly draw: false | undefined;
  readonly title: string;
  readonly challengeAt: number;
}

export interface Modelled extends Omit<Body, 'capacity' | 'draw'> {
  readonly id: string;
  readonly createdAt: number;
  readonly capacity: number;
  readonly draw: boolean;
  readonly version: number;
  readonly paused: boolean;
  readonly loaded: boolean;
  readonly sold: number;
}

/** `activity` is what stands behind the call; `status` 200, 201, 204 or a refusal's. */
export interface Verdict {
  readonly status: number;
  readonly slug?: string;
  readonly activity?: Modelled;
}

const DENY_AT = 80;
const ENTRY_LEAD_MS = 600_000;
const FIXED = [
  'skuId',
  'price',
  'startAt',
  'limitPerUser',
  'ratePerSecond',
  'capacity',
  'draw',
] as const;

const no = (status: number, slug: string): Verdict => ({ status, slug });
const INVALID = no(422, 'invalid');

export const isOver = (one: Modelled, now: number): boolean => now >= one.endAt;

function isValid(body: Body, capacity: number, isCapacityFixed: boolean): boolean {
  const inRange =
    body.stock >= 1 && body.price >= 0 && body.limitPerUser >= 1 && body.endAt > body.startAt;
  const fits = isCapacityFixed || capacity <= body.stock;
  return inRange && fits && body.challengeAt <= DENY_AT;
}

function inTheWay(all: readonly Modelled[], one: Modelled, now: number): Verdict | undefined {
  const others = all.filter(({ id, skuId }) => id !== one.id && skuId === one.skuId);
  if (others.some((other) => other.startAt < one.endAt && other.endAt > one.startAt)) {
    return no(409, 'overlap');
  }
  const wouldSell = one.startAt <= now && one.endAt > now;
  return wouldSell && others.some(({ loaded }) => loaded)
    ? no(409, 'former-activity-open')
    : undefined;
}

export function create(all: readonly Modelled[], body: Body, now: number): Verdict {
  const capacity = body.capacity ?? Math.min(body.ratePerSecond, body.stock);
  if (!isValid(body, capacity, false)) return INVALID;
  const activity = {
    ...{ ...body, capacity, id: 'new', version: 1, paused: false, loaded: false, sold: 0 },
    ...{ createdAt: now, draw: body.draw ?? now < body.startAt },
  };
  return inTheWay(all, activity, now) ?? { status: 201, activity };
}

export function replace(
  all: readonly Modelled[],
  one: Modelled | undefined,
  call: { readonly body: Body; readonly ifMatch: number | undefined; readonly now: number },
): Verdict {
  const { body, now } = call;
  const refused = precondition(one, call.ifMatch);
  if (refused !== undefined || one === undefined) return refused ?? no(404, 'unknown-activity');
  const isFixed = now >= one.startAt;
  const capacity =
    body.capacity ?? (isFixed ? one.capacity : Math.min(body.ratePerSecond, body.stock));
  if (!isValid(body, capacity, isFixed)) return INVALID;
  const draw = body.draw ?? one.createdAt < body.startAt;
  const next: Modelled = { ...one, ...body, capacity, draw };
  const names = Object.keys(body) as (keyof Body)[];
  if (names.every((name) => next[name] === one[name])) return { status: 200, activity: one };
  if (isFixed && body.endAt < one.endAt) return INVALID;
  if (isFixed && FIXED.some((name) => next[name] !== one[name])) return no(409, 'immutable-field');
  if (isOver(one, now)) return no(409, 'ended');
  if (body.stock < one.sold) return no(409, 'below-sold');
  const moved = (['skuId', 'startAt', 'endAt'] as const).some((name) => next[name] !== one[name]);
  const way = moved ? inTheWay(all, next, now) : undefined;
  const loaded = one.loaded && next.skuId === one.skuId;
  return way ?? { status: 200, activity: { ...next, loaded, version: one.version + 1 } };
}

export function remove(
  one: Modelled | undefined,
  { ifMatch, now }: { readonly ifMatch: number | undefined; readonly now: number },
): Verdict {
  const refused = precondition(one, ifMatch);
  if (refused !== undefined || one === undefined) return refused ?? no(404, 'unknown-activity');
  return now >= one.startAt && !isOver(one, now) ? no(409, 'activity-live') : { status: 204 };
}

export function move(
  one: Modelled | undefined,
  to: 'pause' | 'resume' | 'end',
  now: number,
): Verdict {
  if (one === undefined) return no(404, 'unknown-activity');
  if (isOver(one, now)) return to === 'end' ? { status: 200, activity: one } : no(409, 'ended');
  const next = to === 'end' ? { ...one, endAt: now } : { ...one, paused: to === 'pause' };
  const isSame = next.paused === one.paused && next.endAt === one.endAt;
  return { status: 200, activity: isSame ? one : { ...next, version: one.version + 1 } };
}

function precondition(one: Modelled | undefined, ifMatch: number | undefined): Verdict | undefined {
  if (one === undefined) return no(404, 'unknown-activity');
  if (ifMatch === undefined) return no(428, 'if-match-required');
  return ifMatch === one.version ? undefined : no(412, 'version-conflict');
}

export function stateOf(one: Modelled, now: number): string {
  if (isOver(one, now)) return 'ENDED';
  if (one.paused) return 'PAUSED';
  if (!one.loaded) return 'SCHEDULED';
  return now >= one.startAt ? 'RUNNING' : 'LOADED';
}

export const entryOpensAt = ({ startAt }: Modelled): number => startAt - ENTRY_LEAD_MS;
