// Chromium puts a filler among its brands, so that nobody relies on the list. Name and version of
// the filler follow from the major version (components/embedder_support/user_agent_utils.cc), so a
// list copied from another version, or made up, shows.

const SEPARATORS = [' ', '(', ':', '-', '.', '/', ')', ';', '=', '?', '_'];
const VERSIONS = ['8', '99', '24'];
/** The first version that follows the rule as it stands. */
const SINCE_MAJOR = 110;

export interface Brand {
  readonly brand: string;
  readonly version: string;
}

const separator = (seed: number) => SEPARATORS[seed % SEPARATORS.length] ?? '';

export function isFillerOf(major: number, { brand, version }: Brand): boolean {
  const name = `Not${separator(major)}A${separator(major + 1)}Brand`;
  return brand === name && version === VERSIONS[major % VERSIONS.length];
}

/** Whether a list of brands holds a filler that is another version's. */
export function hasForeignFiller(brands: readonly Brand[]): boolean {
  const major = Number(brands.find(({ brand }) => brand === 'Chromium')?.version ?? 0);
  if (major < SINCE_MAJOR) return false;
  const filler = brands.find(({ brand }) => /\bnot\b.*brand/i.test(brand));
  return filler !== undefined && !isFillerOf(major, filler);
}

/** The list that `sec-ch-ua` carries, as far as it is one. */
export function readBrands(header: string): Brand[] {
  return [...header.matchAll(/"([^"]{1,64})";v="([\d.]{1,32})"/g)].map(
    ([, brand = '', version = '']) => ({ brand, version }),
  );
}
