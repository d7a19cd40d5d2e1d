import { describe, expect, it } from 'vitest';
import { fillIn } from './plain-facts.ts';
import { saleStatus } from './test/status-under-test.ts';

const HTML = '<!--if SOON OPEN-->a sale <!--end--><!--if OPEN-->now<!--end-->{{title}}|{{price}}';

describe('without scripts', () => {
  const sale = (changes: Parameters<typeof saleStatus>[0], nowMs = 5) =>
    fillIn(HTML, { kind: 'sale', status: saleStatus(changes), nowMs });

  it.each([
    ['open', sale({}), 'a sale nowA thing|$1.00'],
    ['soon', sale({ startAt: 6, state: 'LOADED' }), 'a sale A thing|$1.00'],
    ['sold out', sale({ soldOut: true }), 'A thing|$1.00'],
    ['over', sale({ state: 'ENDED' }), 'A thing|$1.00'],
    ['no such sale', fillIn(HTML, { kind: 'missing' }), '|'],
    ['no document', fillIn(HTML, { kind: 'away' }), '|'],
  ])('a page says: %s', (_, text, wanted) => {
    expect(text).toBe(wanted);
  });

  it('a title stays text, whatever stands in it', () => {
    const title = `</head><script>x</script>$&"'{{price}}<!--if OPEN-->`;
    const text = fillIn('<title>{{title}}</title>', {
      kind: 'sale',
      status: saleStatus({ title }),
      nowMs: 5,
    });
    expect(text).not.toMatch(/<script|<!--/);
    expect(text).toContain('$&#38;&#34;&#39;{{price}}');
  });

  it('an amount is written with the digits of its currency', () => {
    const yen = { kind: 'sale', status: saleStatus({ currency: 'JPY' }), nowMs: 5 } as const;
    expect(fillIn('{{price}}', yen)).toBe('¥100');
  });
});
