import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseActivityBody } from './body.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('the body of an activity', () => {
  it.each([
    ['no JSON', bytes('{"skuId":')],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['an array', bytes('[]')],
    ['null', bytes('null')],
    ['a text', bytes('"activity"')],
    ['a member twice', bytes('{"stock":1,"stock":2}')],
    ['__proto__', bytes('{"__proto__":{"stock":1}}')],
    ['nested deeper than any activity', bytes(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)],
  ])('is malformed when it is %s', (_, body) => {
    expect(parseActivityBody(body, { createdAt: 0 }).kind).toBe('malformed');
  });

  it('is invalid, with every member that is missing named, when it is empty', () => {
    for (const body of [undefined, bytes(''), bytes('{}')]) {
      const parsed = parseActivityBody(body, { createdAt: 0 });
      const pointers = parsed.kind === 'invalid' ? parsed.errors.map(({ pointer }) => pointer) : [];
      expect(pointers.sort()).toEqual(['/endAt', '/price', '/skuId', '/startAt', '/stock']);
    }
  });

  it('is invalid with null for a member', () => {
    const parsed = parseActivityBody(bytes('{"title":null}'), { createdAt: 0 });
    expect(parsed).toMatchObject({ kind: 'invalid' });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (body) => {
        expect(['malformed', 'invalid', 'terms']).toContain(
          parseActivityBody(Buffer.from(body), { createdAt: 0 }).kind,
        );
      }),
    );
  });
});
