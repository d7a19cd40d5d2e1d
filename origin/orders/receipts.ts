// Signs receipts and reads them back.
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  parseReceiptPayload,
  RECEIPT_VERSION,
  type Receipt,
  receiptPayload,
} from '../../shared/receipt.ts';

export interface Receipts {
  sign(receipt: Receipt): string;
  /** The receipt in a text that this origin's secret signed, or undefined. */
  read(text: string): Receipt | undefined;
}

const SIGNATURE_BYTES = 32;

export function createReceipts(secret: string): Receipts {
  const mac = (payload: string): Buffer =>
    createHmac('sha256', secret).update(`receipt.${RECEIPT_VERSION}.${payload}`).digest();
  return {
    sign(receipt) {
      const payload = Buffer.from(receiptPayload(receipt)).toString('base64url');
      return `${RECEIPT_VERSION}.${payload}.${mac(payload).toString('base64url')}`;
    },
    read(text) {
      const [version, payload, signature, ...rest] = text.split('.');
      if (version !== RECEIPT_VERSION || payload === undefined || signature === undefined) {
        return undefined;
      }
      const given = Buffer.from(signature, 'base64url');
      if (rest.length > 0 || given.length !== SIGNATURE_BYTES) return undefined;
      if (!timingSafeEqual(given, mac(payload))) return undefined;
      return parseReceiptPayload(Buffer.from(payload, 'base64url').toString('utf8'));
    },
  };
}
