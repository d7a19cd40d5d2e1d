// What somebody who pays sees: plain HTML, no scripts.

export interface PayPage {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly payBy: number;
}

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem;
color-scheme:light dark}h1{font-size:1.25rem}.sum{font-size:2.25rem;font-weight:600;margin:.5rem 0}
small{opacity:.75;overflow-wrap:anywhere}button,a.back{font:inherit;display:block;width:100%;
box-sizing:border-box;text-align:center;padding:.8rem;border-radius:.5rem;margin:.6rem 0;cursor:pointer;
border:1px solid currentColor;background:none;color:inherit;text-decoration:none}
button.pay{background:#1a5f3c;border-color:#1a5f3c;color:#fff}`;

export function payPage({ orderId, amount, currency, payBy }: PayPage): string {
  const time = new Date(payBy).toISOString();
  return document(
    'Pay',
    `<h1>Pay for your order</h1>
<p class="sum">${escapeHtml(money(amount, currency))}</p>
<p>Until <time datetime="${time}">${time.slice(11, 19)} UTC</time>.</p>
<form method="post"><button class="pay" name="decision" value="pay">Pay</button>
<button name="decision" value="decline">Decline</button></form>
<p><small>Order ${escapeHtml(orderId)}. This is a gateway for development: no money moves.</small></p>`,
  );
}

export function notePage(text: string, backUrl?: string): string {
  const back =
    backUrl === undefined ? '' : `<a class="back" href="${escapeHtml(backUrl)}">Back</a>`;
  return document('Payment', `<h1>${escapeHtml(text)}</h1>${back}`);
}

function money(amount: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
    return format.format(amount / 10 ** digits);
  } catch {
    return `${amount} ${currency}`;
  }
}

const document = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
