import { expect, it } from 'vitest';
import { remembering } from './remembering.ts';

it('asks once for each text that it holds, and again for what it has forgotten', async () => {
  const asked: string[] = [];
  const lengthOf = remembering(2, async (text) => {
    asked.push(text);
    return text.length;
  });
  for (const text of ['a', 'bb', 'a', 'ccc', 'bb', 'a'])
    expect(await lengthOf(text)).toBe(text.length);
  expect(asked).toEqual(['a', 'bb', 'ccc', 'a']);
});

it('keeps nothing of what is none', async () => {
  let asked = 0;
  const nothing = remembering(2, async () => {
    asked += 1;
    return undefined;
  });
  await nothing('x');
  await nothing('x');
  expect(asked).toBe(2);
});
