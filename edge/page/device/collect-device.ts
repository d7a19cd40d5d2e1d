// What this browser says of itself, gathered once and sent to this shop alone. What a browser keeps
// to itself is null; nobody is turned away for that.
import * as v from 'valibot';
import { canvasHash, type Graphics, graphics } from './drawing.ts';

/** What the shop reads at most; nothing real is longer. */
const MOST = { ua: 512, text: 64, language: 35, languages: 32, version: 32, brands: 16, gl: 256 };
const PERMISSION_WITHIN_MS = 500;

const brandsSchema = v.object({
  brands: v.array(v.object({ brand: v.string(), version: v.string() })),
  mobile: v.boolean(),
  platform: v.string(),
});

/** Names as they travel: `hc` cores, `dm` memory, `gl` graphics, `uad` userAgentData. */
export interface Device {
  readonly ua: string;
  readonly platform: string;
  readonly languages: readonly string[];
  readonly webdriver: boolean | null;
  readonly hc: number | null;
  readonly dm: number | null;
  readonly touch: number | null;
  /** Width, height, available width and height, colour depth. */
  readonly screen: readonly [number, number, number, number, number];
  readonly dpr: number;
  readonly outer: readonly [number, number];
  readonly plugins: number | null;
  readonly gl: Graphics | null;
  readonly tz: string | null;
  readonly uad: Brands | null;
  readonly canvas: string | null;
  readonly chrome: string;
  readonly notif: string | null;
  readonly perm: string | null;
  readonly vendor: string | null;
  readonly productSub: string | null;
  readonly evalLen: number;
  readonly pdf: boolean | null;
}

interface Brands {
  readonly b: readonly { readonly brand: string; readonly version: string }[];
  readonly m: boolean;
  readonly p: string;
}

/** Nothing where an extension stands in the way: the way in is then a challenge. */
export async function collectDevice(): Promise<Device | undefined> {
  try {
    return await collect();
  } catch (error) {
    console.info('this browser keeps to itself', error);
    return undefined;
  }
}

async function collect(): Promise<Device> {
  const { width, height, availWidth, availHeight, colorDepth } = screen;
  return {
    ua: navigator.userAgent.slice(0, MOST.ua),
    platform: short(navigator.platform),
    languages: navigator.languages
      .slice(0, MOST.languages)
      .map((language) => language.slice(0, MOST.language)),
    webdriver: hint('webdriver', v.boolean()),
    hc: hint('hardwareConcurrency', v.number()),
    dm: hint('deviceMemory', v.number()),
    touch: hint('maxTouchPoints', v.number()),
    screen: [width, height, availWidth, availHeight, colorDepth],
    dpr: devicePixelRatio,
    outer: [outerWidth, outerHeight],
    plugins: hint('plugins', v.object({ length: v.number() }))?.length ?? null,
    gl: shortGraphics(),
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
    uad: brands(),
    canvas: canvasHash(),
    chrome: typeof Reflect.get(globalThis, 'chrome'),
    notif: typeof Notification === 'undefined' ? null : Notification.permission,
    perm: await notificationPermission(),
    vendor: hint('vendor', v.string()),
    productSub: hint('productSub', v.string()),
    evalLen: String(Reflect.get(globalThis, 'eval')).length,
    pdf: hint('pdfViewerEnabled', v.boolean()),
  };
}

/** A property of the navigator that not every browser has. */
function hint<Kind>(name: string, schema: v.GenericSchema<Kind>): Kind | null {
  const { success, output } = v.safeParse(schema, Reflect.get(navigator, name));
  return success ? output : null;
}

function brands(): Brands | null {
  const data = hint('userAgentData', brandsSchema);
  if (data === null) return null;
  const all = data.brands.map(({ brand, version }) => ({
    brand: short(brand),
    version: version.slice(0, MOST.version),
  }));
  return { b: all.slice(0, MOST.brands), m: data.mobile, p: short(data.platform) };
}

function shortGraphics(): Graphics | null {
  const found = graphics();
  return found === null ? null : { v: found.v.slice(0, MOST.gl), r: found.r.slice(0, MOST.gl) };
}

/** Some browsers never answer. */
async function notificationPermission(): Promise<string | null> {
  try {
    const asked = navigator.permissions.query({ name: 'notifications' });
    const late = new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), PERMISSION_WITHIN_MS);
    });
    return (await Promise.race([asked, late]))?.state ?? null;
  } catch {
    return null;
  }
}

const short = (text: string) => text.slice(0, MOST.text);
