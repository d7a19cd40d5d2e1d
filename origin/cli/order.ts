// `order refund`: the origin's own call, made by an administrator of this machine.
import { parseArgs } from 'node:util';
import { askOrigin } from './ask-origin.ts';
import { type Command, UsageError } from './command.ts';
import { sourceOf } from './target.ts';

export const orderRefund: Command = {
  name: 'order refund',
  usage: 'order refund <orderId> [--restock] [--dev]',
  about: [
    'Gives the money of a PAID order back; the order is CANCELLED, reason REFUNDED.',
    '',
    '  --restock  its units are for sale again; without it they count as sold',
    '  --dev      at the system that `npm run dev` is running',
  ].join('\n'),
  async run(args, output) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { restock: { type: 'boolean', default: false }, dev: { type: 'boolean' } },
    });
    const [orderId, ...rest] = positionals;
    if (orderId === undefined || rest.length > 0) throw new UsageError('An order id is needed.');
    const path = `/api/admin/orders/${encodeURIComponent(orderId)}/refund`;
    const body = JSON.stringify({ restock: values.restock });
    const source = sourceOf(values);
    return await askOrigin({ source, method: 'POST', path, body }, output);
  },
};
