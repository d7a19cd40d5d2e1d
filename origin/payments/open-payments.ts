// What takes money and tells of orders, put together once for the routes and the jobs.
import type { ActivityRegistry } from '../activities/registry.ts';
import type { Metrics } from '../actuator/metrics.ts';
import type { OriginConfig } from '../config.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { createFindOrder, type FindOrder } from '../orders/find-order.ts';
import { createReceipts, type Receipts } from '../orders/receipts.ts';
import { NO_GATEWAY, type PaymentGateway } from './gateway.ts';
import { createHttpGateway } from './http-gateway.ts';
import { createLineOf } from './line-of.ts';
import { createPaymentMetrics, type PaymentMetrics } from './metrics.ts';
import { createPayments, type Payments } from './payments.ts';

export interface Till {
  readonly find: FindOrder;
  readonly receipts: Receipts;
  readonly gateway: PaymentGateway;
  readonly payments: Payments;
  readonly paymentMetrics: PaymentMetrics;
}

export function openPayments(options: {
  readonly config: OriginConfig;
  readonly dependencies: Pick<Dependencies, 'store' | 'link' | 'edgeRedis'>;
  readonly registry: ActivityRegistry;
  readonly inventory: Inventory;
  readonly metrics: Metrics;
  readonly log: Log;
}): Till {
  const { config, dependencies, registry, inventory, metrics, log } = options;
  const { store, link, edgeRedis } = dependencies;
  const onError = (error: unknown): void => {
    metrics.failed('payments');
    log.debug({ err: error }, 'a payment could not be decided about');
  };
  const paymentMetrics = createPaymentMetrics(metrics.registry, {
    onPaid: () => metrics.funnel('paid'),
  });
  const find = createFindOrder({ link, registry, store, onError });
  const receipts = createReceipts(config.RECEIPT_SECRET);
  const gateway = openGateway(config, (error) => {
    paymentMetrics.payment('gateway-away');
    log.debug({ err: error }, 'the payment gateway did not answer');
  });
  const payments = createPayments({
    ...{ store, inventory, gateway, receipts, find, onError, metrics: paymentMetrics },
    lineOf: createLineOf(edgeRedis, onError),
  });
  return { find, receipts, gateway, payments, paymentMetrics };
}

/** `onAway` hears of each call without a usable answer. */
export function openGateway(
  config: OriginConfig,
  onAway: (error: unknown) => void,
): PaymentGateway {
  const { PAYMENT_GATEWAY: url, PAYMENT_GATEWAY_SECRET: secret } = config;
  if (url === undefined || secret === undefined) return NO_GATEWAY;
  const publicUrl = config.PAYMENT_GATEWAY_PUBLIC ?? url;
  return createHttpGateway({ url, publicUrl, secret, onAway });
}
