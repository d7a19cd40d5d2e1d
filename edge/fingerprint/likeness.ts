import type { Device } from '../../shared/device.ts';

/**
 * How much a device says of itself. `own`: a desktop that names its exact graphics. `model`: a
 * phone or tablet that names its model's. `masked`: a browser that says the same for millions.
 * `none`: nothing was collected.
 */
export type Likeness = 'own' | 'model' | 'masked' | 'none';

const EXACT = /direct3d|opengl|vulkan|metal/i;
const MASKED = /^(apple gpu|mozilla)$|or similar$/i;

export function likenessOf(device: Device | null): Likeness {
  if (device === null) return 'none';
  const renderer = device.gl?.r ?? '';
  if (renderer === '' || MASKED.test(renderer)) return 'masked';
  return EXACT.test(renderer) && !/android|iphone|ipad/i.test(device.ua) ? 'own' : 'model';
}
