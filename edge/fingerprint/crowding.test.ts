import { expect, it } from 'vitest';
import { crowding } from './crowding.ts';

const shared = (accountsOfDevice: number, accountsAll = 2_000) => ({
  accountsOfDevice,
  accountsOfHardware: accountsOfDevice,
  accountsAll,
});
const rulesOf = (...args: Parameters<typeof crowding>) => crowding(...args).map(({ rule }) => rule);

it('lets a family share a computer', () => {
  expect(rulesOf('own', shared(3, 10))).toEqual([]);
});

it('finds one computer under many users', () => {
  expect(rulesOf('own', shared(8))).toEqual(['device-of-many']);
  expect(rulesOf('own', shared(40))).toEqual(['device-of-a-crowd']);
});

it('knows that identical phones collide', () => {
  expect(rulesOf('masked', shared(60))).toEqual([]);
  expect(rulesOf('model', shared(20))).toEqual([]);
});

it('calls no crowd of masked browsers more than many', () => {
  expect(rulesOf('masked', shared(1_500))).toEqual(['device-of-many']);
});

it('sees many that show nothing and look alike', () => {
  expect(rulesOf('none', shared(9))).toEqual([]);
  expect(rulesOf('none', shared(60))).toEqual(['unshown-of-many']);
});
