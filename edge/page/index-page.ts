import { element } from './elements.ts';

const form = element('find', HTMLFormElement);
const skuId = element('sku', HTMLInputElement);
const asked = new URLSearchParams(location.search).get('sku');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  visit(skuId.value.trim());
});
if (asked !== null) visit(asked);

function visit(item: string): void {
  location.assign(`/sale/${encodeURIComponent(item)}`);
}
