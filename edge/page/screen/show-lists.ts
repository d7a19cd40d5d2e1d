// The parts of the screen that are lists. Each is written anew only when it says something else, so
// that nobody loses a selection or an opened part to a countdown.
import { element } from '../elements.ts';
import type { Drawing, Fact, Proof } from './drawing.ts';

const facts = element('facts', HTMLDListElement);
const proofs = element('proofs', HTMLDivElement);
const orders = element('orders', HTMLElement);
const ordersTitle = element('orders-title', HTMLHeadingElement);
const ordersList = element('orders-list', HTMLUListElement);

/** Letters: an order id has more. */
const LONG_TEXT = 26;
const shown = new Map<HTMLElement, string>();

export function showFacts(list: readonly Fact[]): void {
  facts.hidden = list.length === 0;
  if (isShown(facts, list)) return;
  facts.replaceChildren(
    ...list.flatMap(([name, value]) => {
      const said = made('dd', value);
      said.classList.toggle('long', value.length > LONG_TEXT);
      return [made('dt', name), said];
    }),
  );
}

export function showProofs(list: readonly Proof[]): void {
  proofs.hidden = list.length === 0;
  if (isShown(proofs, list)) return;
  proofs.replaceChildren(
    ...list.map(({ name, text, note }) => {
      const proof = made('details', '');
      proof.append(made('summary', name), made('p', note), made('code', text));
      return proof;
    }),
  );
}

export function showOrders(given: Drawing['orders']): void {
  orders.hidden = given === undefined;
  if (given === undefined || isShown(orders, given)) return;
  ordersTitle.textContent = given.title;
  ordersList.replaceChildren(
    ...given.ids.map((orderId) => {
      const line = made('li', '');
      const button = made('button', orderId);
      button.classList.add('link');
      button.dataset.order = orderId;
      line.append(button);
      return line;
    }),
  );
}

/** Calls when the buyer asks for one of the orders in the list. */
export function onOrderAsked(take: (orderId: string) => void): void {
  ordersList.addEventListener('click', ({ target }) => {
    const orderId = target instanceof HTMLElement ? target.dataset.order : undefined;
    if (orderId !== undefined) take(orderId);
  });
}

function isShown(where: HTMLElement, what: unknown): boolean {
  const text = JSON.stringify(what);
  if (shown.get(where) === text) return true;
  shown.set(where, text);
  return false;
}

function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text: string,
): HTMLElementTagNameMap[Name] {
  const fresh = document.createElement(name);
  fresh.textContent = text;
  return fresh;
}
