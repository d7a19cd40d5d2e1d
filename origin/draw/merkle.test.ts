import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditPath, createMerkleTree, rootOfPath } from './merkle.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
// The entries and roots that certificate-transparency implementations test with.
const ENTRIES = [
  ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
  '606162636465666768696a6b6c6d6e6f',
].map(hex);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

it('gives the roots that others publish', () => {
  const tree = createMerkleTree();
  expect(tree.root()).toBe(createHash('sha256').digest('hex'));
  const roots = ENTRIES.map((entry) => {
    tree.append(entry);
    return tree.root();
  });
  expect(roots).toEqual(ROOTS);
});

it('every entry’s path leads to the root, and no other entry’s', () => {
  const lists = fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), {
    minLength: 1,
    maxLength: 70,
  });
  fc.assert(
    fc.property(lists, fc.nat(), (entries, at) => {
      const tree = createMerkleTree();
      for (const entry of entries) tree.append(entry);
      const index = at % entries.length;
      const entry = entries[index] ?? new Uint8Array();
      const path = auditPath(entries, index);
      const place = { index, size: entries.length };
      expect(rootOfPath({ entry, ...place }, path)).toBe(tree.root());
      const other = Uint8Array.from(entry, (byte) => byte ^ 1);
      expect(rootOfPath({ entry: other, ...place }, path)).not.toBe(tree.root());
      expect(rootOfPath({ entry, ...place }, [...path, Buffer.alloc(32)])).toBeUndefined();
    }),
  );
});
