// Which origin gets a request: the clearly less busy of two that are picked at random, among those that are
// listed, may be called and have not just failed.
import type { OriginList } from '../../shared/origin-list.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface Origins {
  /**
   * The base URL to call, or undefined when there is none but `tried`. The fall-back serves where
   * no list is known.
   */
  pick(list: OriginList | undefined, tried?: string): string | undefined;
  /** It gave no answer: for a moment others come first. */
  avoid(baseUrl: string): void;
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

/** A recovered origin is tried again within this time and the second in which a list is read. */
const AVOIDED_MS = 2_000;
const MAX_AVOIDED = 100;
const LOAD_TOLERANCE = 0.2;

export function createOrigins(options: OriginsOptions): Origins {
  const { suffix, fallback, isLocal, random, now } = options;
  const avoidedUntil = new BoundedMap<string, number>(MAX_AVOIDED);

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
    const calm = candidates.filter(({ url }) => (avoidedUntil.get(url) ?? 0) <= now());
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
    avoid(baseUrl) {
      avoidedUntil.set(baseUrl, now() + AVOIDED_MS);
    },
  };
}

/**
 * Loads are a second old and many edges read the same: by small differences all of them would run to
 * one origin, then to the other.
 */
const isClearlyCalmer = (other: Candidate | undefined, one: Candidate | undefined): boolean =>
  other !== undefined && one !== undefined && other.load < one.load - LOAD_TOLERANCE;

interface Candidate {
  readonly url: string;
  readonly load: number;
}
