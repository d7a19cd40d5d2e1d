// Where the page keeps texts between visits. A browser that keeps nothing (a private window, blocked
// storage) still buys: its texts then last as long as the page.

export type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const store: TextStore = openStore();

function openStore(): TextStore {
  try {
    const kept = globalThis.localStorage;
    kept.setItem('probe', '');
    kept.removeItem('probe');
    return kept;
  } catch {
    return storeOfThisPage();
  }
}

function storeOfThisPage(): TextStore {
  const texts = new Map<string, string>();
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
  };
}
