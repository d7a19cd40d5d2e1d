// The names of a device: what makes it this one, and what makes it one of its make.
import type { Device, InputSummary } from '../../shared/device.ts';

/** Every signal, in one order: two devices with the same text cannot be told apart. */
export function deviceText(device: Device): string {
  const { ua, platform, languages, hc, dm, touch, screen, dpr, gl, tz, uad, canvas } = device;
  const { vendor, productSub, plugins } = device;
  const brands = uad?.b.map(({ brand, version }) => [brand, version]).sort() ?? null;
  const agent = [ua, platform, vendor, productSub, plugins, brands, uad?.m, uad?.p];
  return JSON.stringify([agent, languages, tz, hc, dm, touch, screen, dpr, gl?.v, gl?.r, canvas]);
}

/** Hardware and browser without place and language: shared by all devices of a make. */
export function modelText(device: Device): string {
  const { ua, platform, hc, dm, touch, screen, dpr, gl, canvas } = device;
  return JSON.stringify([ua, platform, hc, dm, touch, screen, dpr, gl?.v, gl?.r, canvas]);
}

/** A summary as sent: people never repeat one, number by number. */
export function inputText(input: InputSummary): string {
  const { pointer, clicks, keys, touches, scrolls, dwell_ms, first_input_ms } = input;
  const moved = pointer === null ? null : Object.values(pointer);
  return JSON.stringify([moved, clicks, keys, touches, scrolls, dwell_ms, first_input_ms]);
}
