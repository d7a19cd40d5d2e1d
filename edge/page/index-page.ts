// The front page: asks for an item's code and goes to its sale.
import { element } from './elements.ts';
import { offerLanguages } from './language-switch.ts';
import { words } from './words/words.ts';

const form = element('find', HTMLFormElement);
const skuId = element('sku', HTMLInputElement);
const asked = new URLSearchParams(location.search).get('sku');

offerLanguages(entitle);
entitle();
form.addEventListener('submit', (event) => {
  event.preventDefault();
  visit(skuId.value.trim());
});
if (asked !== null) visit(asked);

function entitle(): void {
  document.title = words().flashSale;
}

function visit(item: string): void {
  location.assign(`/sale/${encodeURIComponent(item)}`);
}
