// W3C trace context: the caller's trace where it sent a valid one, else a new one, not sampled.
import { hexOf } from '../hex.ts';

const VALID = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

export function traceparentOf(headers: Headers): string {
  const given = headers.get('traceparent');
  if (given !== null && VALID.test(given)) return given;
  const bytes = crypto.getRandomValues(new Uint8Array(TRACE_BYTES + SPAN_BYTES));
  const hex = hexOf(bytes);
  return `00-${hex.slice(0, 2 * TRACE_BYTES)}-${hex.slice(2 * TRACE_BYTES)}-00`;
}
