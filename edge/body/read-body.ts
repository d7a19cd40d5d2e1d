import type { Refusal } from '../../shared/refusal.ts';

export type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/**
 * Reads a body of at most `limitBytes`. One that announces more is refused unread; one that does
 * not say is counted while it arrives and left at the first byte too many.
 */
export async function readBody(request: Request, limitBytes: number): Promise<BodyResult> {
  const announced = Number(request.headers.get('content-length') ?? '0');
  if (announced > limitBytes) return tooLarge(limitBytes);
  const bytes = await readBounded(request, limitBytes);
  return bytes === undefined ? tooLarge(limitBytes) : { kind: 'body', bytes };
}

/** The bytes of a message, or undefined when there are more than `limitBytes`. */
export async function readBounded(
  message: Request | Response,
  limitBytes: number,
): Promise<Uint8Array | undefined> {
  const { headers, body: stream } = message;
  if (stream === null) return new Uint8Array();
  const announced = headers.get('content-length');
  // No HTTP message is longer than it announces; what was compressed has announced another length.
  if (announced !== null && Number(announced) <= limitBytes && !headers.has('content-encoding')) {
    return new Uint8Array(await message.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is never read.
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const tooLarge = (limitBytes: number): BodyResult => ({
  kind: 'refuse',
  refusal: { kind: 'too-large', limitBytes },
});
