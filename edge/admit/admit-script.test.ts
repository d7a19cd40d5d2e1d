import { expect, it } from 'vitest';
import { admitScript } from './admit-script.ts';

it('is bundled with all of its pieces', () => {
  expect(admitScript).not.toContain('@include');
  expect(admitScript).toContain('local function take_turn');
});
