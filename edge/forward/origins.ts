// Which origin gets a request: the clearly less busy of two that are picked at random, among those that are
// listed, may be called and have not just failed.
import { ORIGIN_LIST_USABLE_MS, type OriginList } from '../../shared/origin-list.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface Origins {
  /**
   * The base URL to call, or undefined when there is none but `tried`. The fall-back serves where
   * no list is known.
   */
  pick(list: OriginList | undefined, tried?: string): string | undefined;
  /** It gave no answer: others come first until a list that was made later names it again. */
  avoid(baseUrl: string, list: OriginList | undefined): void;
}

export interface OriginsOptions {
  /** Only this name and names under it are called; undefined: none but the fall-back is. */
  readonly suffix: string | undefined;
  readonly fallback: string;
  /** On a developer's machine: plain http, and ports. */
  readonly isLocal: boolean;
  readonly random: () => number;
  readonly now: () => number;
}

/**
 * At least so long. And a list must name it that was made so much later than the one by which it was
 * called, by the clock of who makes them: by then it has renewed its record, or the list does without
 * it. Where the maker of lists died too there is no later one, until another one leads.
 */
const AVOIDED_MS = 2_000;
const NAMED_AGAIN_MS = 3_000;
/** Until then another maker of lists leads: the lease of one that died and the look around of the next. */
const AVOIDED_AT_MOST_MS = ORIGIN_LIST_USABLE_MS;
const MAX_AVOIDED = 100;
const LOAD_TOLERANCE = 0.2;

export function createOrigins(options: OriginsOptions): Origins {
  const { suffix, fallback, isLocal, random, now } = options;
  const avoided = new BoundedMap<string, Avoided>(MAX_AVOIDED);

  function isCalm(url: string, list: OriginList | undefined): boolean {
    const since = avoided.get(url);
    if (since === undefined) return true;
    const ageMs = now() - since.at;
    if (ageMs >= AVOIDED_AT_MOST_MS) return true;
    return ageMs >= AVOIDED_MS && (list?.at ?? 0) >= since.listAt + NAMED_AGAIN_MS;
  }

  function urlOf(host: string): string | undefined {
    const [name = '', port] = host.split(':');
    const isOurs = suffix !== undefined && (name === suffix || name.endsWith(`.${suffix}`));
    if (!isOurs || (port !== undefined && !isLocal)) return undefined;
    return `${isLocal ? 'http' : 'https'}://${host}`;
  }

  function usable(list: OriginList | undefined, tried: string | undefined): Candidate[] {
    const candidates = (list?.origins ?? []).flatMap(({ host, load }) => {
      const url = urlOf(host);
      return url === undefined || url === tried ? [] : [{ url, load }];
    });
    const calm = candidates.filter(({ url }) => isCalm(url, list));
    return calm.length > 0 ? calm : candidates;
  }

  return {
    pick(list, tried) {
      const candidates = usable(list, tried);
      if (candidates.length === 0) return fallback === tried ? undefined : fallback;
      const one = candidates[Math.floor(random() * candidates.length)];
      const rest = candidates.filter((candidate) => candidate !== one);
      const other = rest[Math.floor(random() * rest.length)];
      return (isClearlyCalmer(other, one) ? other : one)?.url;
    },
    avoid(baseUrl, list) {
      avoided.set(baseUrl, { at: now(), listAt: list?.at ?? 0 });
    },
  };
}

/**
 * Loads are a second old and many edges read the same: by small differences all of them would run to
 * one origin, then to the other.
 */
const isClearlyCalmer = (other: Candidate | undefined, one: Candidate | undefined): boolean =>
  other !== undefined && one !== undefined && other.load < one.load - LOAD_TOLERANCE;

interface Avoided {
  readonly at: number;
  readonly listAt: number;
}

interface Candidate {
  readonly url: string;
  readonly load: number;
}
