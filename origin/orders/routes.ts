// GET /api/seckill/status/:orderId, for the order's owner and for admins.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import type { Caller } from '../caller.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { sendRefusal } from '../reply.ts';
import type { ActivityRow, OrderRow, Store } from '../store/store.ts';
import { readKnownOrder } from './known-order.ts';
import { statusView } from './order-view.ts';
import type { PackedOrder } from './packed-order.ts';

export interface OrderRouteOptions {
  readonly link: InventoryLink;
  readonly registry: ActivityRegistry;
  readonly store: Pick<Store, 'findOrder'>;
  /** Hears that Redis did not answer; the database is asked instead. */
  readonly onError: (error: unknown) => undefined;
}

type OrderRequest = FastifyRequest<{ Params: { orderId: string } }>;
type StatusAnswer = ReturnType<typeof statusView>;
const RETRY_SECONDS = 1;

export function registerOrderRoutes(app: FastifyInstance, options: OrderRouteOptions): void {
  app.get('/api/seckill/status/:orderId', async (request: OrderRequest, reply) => {
    const { orderId } = request.params;
    const parts = parseOrderId(orderId);
    const unknown = { kind: 'unknown-order', showReceipt: false } as const;
    if (parts === undefined) return sendRefusal(request, reply, unknown);
    try {
      const found =
        (await statusInRedis(options, request.caller, parts)) ??
        (await statusInDatabase(options, request.caller, orderId));
      if (found.kind === 'status') return reply.code(200).send(found.status);
      const showReceipt =
        found.kind === 'nowhere' && options.registry.current(parts.skuId) !== undefined;
      return sendRefusal(request, reply, { ...unknown, showReceipt });
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      return sendRefusal(request, reply, { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS });
    }
  });
}

type Found =
  | { readonly kind: 'status'; readonly status: StatusAnswer }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'nowhere' };

/** The answer at once, or undefined when Redis is away or does not know: the database decides. */
async function statusInRedis(
  { link, registry, onError }: OrderRouteOptions,
  caller: Caller,
  parts: OrderIdParts,
): Promise<Found | undefined> {
  const activity = registry.current(parts.skuId);
  if (activity === undefined || link.runId() !== activity.runId) return undefined;
  const known = await readKnownOrder(link, parts).catch(onError);
  // Why an order was cancelled stands in the database alone.
  if (known === undefined || known.status === 'CANCELLED') return undefined;
  const { status, order } = known;
  if (!mayRead(caller, order.userId)) return { kind: 'foreign' };
  const { quantity, amount, payBy } = order;
  const { skuId, ulid } = parts;
  const { currency } = activity;
  const view = { orderId: `${skuId}-${ulid}`, skuId, status, quantity, amount, currency, payBy };
  return {
    kind: 'status',
    status: statusView(view, { reason: null, persisted: isPersisted(activity, order) }),
  };
}

/** The writer records in order, so what it has applied tells whether an event has its row. */
function isPersisted({ applied }: ActivityRow, { epoch, seq }: PackedOrder): boolean {
  return epoch < applied.epoch || (epoch === applied.epoch && seq <= applied.seq);
}

async function statusInDatabase(
  { store }: OrderRouteOptions,
  caller: Caller,
  orderId: string,
): Promise<Found> {
  const row: OrderRow | undefined = await store.findOrder(orderId);
  if (row === undefined) return { kind: 'nowhere' };
  if (!mayRead(caller, row.userId)) return { kind: 'foreign' };
  return { kind: 'status', status: statusView(row, { reason: row.reason, persisted: true }) };
}

const mayRead = ({ sub, role }: Caller, userId: string): boolean =>
  role === 'admin' || sub === userId;
