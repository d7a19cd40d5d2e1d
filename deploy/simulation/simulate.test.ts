import { describe, expect, it } from 'vitest';
import { parseFlags } from './flags.ts';
import { cellsOf, runCell } from './goods.ts';
import { runLoop } from './loop.ts';
import { runTold } from './told.ts';
import { runWorld } from './world.ts';

const SEED = 1;

describe('a turn means a unit', () => {
  it.each(cellsOf(SEED, 'short').map((cell) => [cell.name, cell] as const))('%s', (_, cell) => {
    const { isMet, share, came, called, sold } = runCell(cell);
    expect({ isMet, share, came, called }).toMatchObject({ isMet: true });
    expect(sold).toBeLessThanOrEqual(cell.setting.stock);
  });
});

describe('the speed neither swings nor overruns the origin', () => {
  it.each(runLoop(SEED).map((scene) => [scene.name, scene] as const))('%s', (_, scene) => {
    expect(scene).toMatchObject({ isMet: true });
  });
});

describe('what people in line are told', () => {
  const { bands, waits } = runTold(SEED, 60);

  it.each(bands.map((band) => [band.from, band] as const))('a chance from %d on', (_, band) => {
    expect(band).toMatchObject({ isMet: true });
  });

  it('waits come true', () => {
    expect(waits).toMatchObject({ isMet: true });
    expect(waits.told).toBeGreaterThan(500);
  });
});

it('units that return after 15 minutes go to those who wait', () => {
  const cell = cellsOf(SEED, 'short').find(({ name }) => name.includes('units return'));
  if (cell === undefined) throw new Error('there is no such cell');
  const { people } = runWorld(cell.setting);
  const payWindowMs = 1_000 * cell.setting.payWindowSeconds;
  const first = Math.min(
    ...people.map(({ reservedAt }) => reservedAt || Number.NaN).filter((at) => at > 0),
  );
  const later = people.filter(({ reservedAt }) => reservedAt > first + payWindowMs);
  expect(later.length).toBeGreaterThan(0.25 * cell.setting.stock);
  // First come, first served among those who are present: nobody ahead of them still waits.
  const lastServed = Math.max(...later.map(({ place }) => place.turn));
  const passedOver = people.filter(({ isComing, reservedAt, place }) => {
    return isComing && reservedAt === 0 && place.turn < 0.99 * lastServed;
  });
  expect(passedOver.length).toBeLessThan(0.01 * people.length);
});

it.each([['--seed', '0'], ['--sales', '2001'], ['--nothing'], ['--seed', 'x']])(
  'refuses the flags %s %s',
  (...args) => expect(parseFlags(args.filter((arg) => arg !== undefined)).kind).toBe('faulty'),
);

it('takes its flags', () => {
  expect(parseFlags(['--short', '--seed', '7'])).toMatchObject({
    kind: 'run',
    flags: { seed: 7, sales: 400, extent: 'short' },
  });
  expect(parseFlags(['--help'])).toEqual({ kind: 'help' });
});
