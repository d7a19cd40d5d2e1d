// What makes a device this one, what makes it one of its kind, and what makes input one person's.
import type { Device, InputSummary } from '../../shared/device.ts';

/** Every signal, in one order: two devices with the same text cannot be told apart. */
export function deviceText(device: Device): string {
  const { ua, platform, languages, hc, dm, touch, screen, dpr, gl, tz, uad, canvas } = device;
  const { vendor, productSub, plugins } = device;
  const brands = uad?.b.map(({ brand, version }) => `${brand} ${version}`).sort() ?? null;
  const agent = [ua, platform, vendor, productSub, plugins, brands, uad?.m, uad?.p];
  return JSON.stringify([agent, languages, tz, hc, dm, touch, screen, dpr, gl?.v, gl?.r, canvas]);
}

/** Canvas, graphics and screen, whatever else differs. */
export function hardwareText({ screen, dpr, gl, canvas }: Device): string {
  return JSON.stringify([screen, dpr, gl?.v, gl?.r, canvas]);
}

/** As many marks as a summary must hold that no two people make alike. */
const TELLING_EVENTS = 8;

/** The numbers of a summary, but for the time on the page, which a replay changes by itself. */
export function inputText(input: InputSummary): string | undefined {
  const { pointer, clicks, keys, touches, scrolls, touch_dt_cv, first_input_ms } = input;
  if ((pointer?.moves ?? 0) + keys + touches < TELLING_EVENTS) return undefined;
  const moved = pointer === null ? [] : Object.values(pointer);
  // Fingers and keys leave fewer numbers: when they began makes them one person's.
  const began = pointer === null ? [touch_dt_cv, first_input_ms] : [];
  return JSON.stringify([...moved, ...began, clicks, keys, touches, scrolls]);
}
