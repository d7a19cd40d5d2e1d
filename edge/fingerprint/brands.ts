// Chromium puts a filler among its brands, so that nobody relies on the list. Name and version of
// the filler follow from the major version (components/embedder_support/user_agent_utils.cc), so a
// list copied from another version, or made up, shows.
import { type Hit, hit } from '../score/judgement.ts';
import { remembered } from './remembered.ts';

const SEPARATORS = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
const VERSIONS = ['8', '99', '24'];
/** The first version that follows the rule as it stands. */
const SINCE_MAJOR = 110;

export interface Brand {
  readonly brand: string;
  readonly version: string;
}

const separator = (seed: number) => SEPARATORS[seed % SEPARATORS.length] ?? '';

export type Filler = 'none' | 'own' | 'renamed' | 'foreign';

/**
 * `renamed`: the version fits and the name does not, as some who embed Chromium have it. `foreign`:
 * neither fits.
 */
export function fillerOf(brands: readonly Brand[]): Filler {
  const major = Number.parseInt(
    brands.find(({ brand }) => brand === 'Chromium')?.version ?? '0',
    10,
  );
  const filler = brands.find(({ brand }) => /\bnot\b.*brand/i.test(brand));
  if (filler === undefined || !(major >= SINCE_MAJOR)) return 'none';
  const name = `Not${separator(major)}A${separator(major + 1)}Brand`;
  if (filler.brand === name) return 'own';
  return filler.version === VERSIONS[major % VERSIONS.length] ? 'renamed' : 'foreign';
}

/** Of all filler hits the weightier one; rules count once however often a list is shown. */
export function brands(list: readonly Brand[]): Hit[] {
  const filler = fillerOf(list);
  if (filler === 'foreign') return [hit('brand-of-other-version')];
  return filler === 'renamed' ? [hit('brand-renamed')] : [];
}

/** The list that `sec-ch-ua` carries, as far as it is one. */
export const readBrands = remembered((header): readonly Brand[] =>
  [...header.matchAll(/"([^"]{1,64})";v="([\d.]{1,32})"/g)].map(([, brand = '', version = '']) => ({
    brand,
    version,
  })),
);
