// The buyers' calls over HTTP.
import { type JsonObject, type Mapping, segmentOf, textOf } from './http-call.ts';

const asItIs = (answer: JsonObject): JsonObject => answer;

export const SECKILL_MAPPINGS: Readonly<Record<string, Mapping>> = {
  Submit: {
    toHttp: ({ skuId, ...body }) => ({
      method: 'POST',
      path: `/api/seckill/${segmentOf(skuId)}`,
      body,
    }),
    fromHttp: asItIs,
  },
  Status: {
    toHttp: ({ orderId }) => ({ method: 'GET', path: `/api/seckill/status/${segmentOf(orderId)}` }),
    fromHttp: asItIs,
  },
  Cancel: {
    toHttp: ({ orderId }) => ({
      method: 'POST',
      path: `/api/orders/${segmentOf(orderId)}/cancel`,
      body: {},
    }),
    fromHttp: asItIs,
  },
  PresentReceipt: {
    toHttp: ({ receipt }) => ({
      method: 'POST',
      path: '/api/receipts',
      body: { receipt: textOf(receipt) },
    }),
    fromHttp: asItIs,
  },
};
