/** The element of that id and type; the page's own markup promises it. */
export function element<Kind extends HTMLElement>(id: string, type: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} #${id}`);
}
