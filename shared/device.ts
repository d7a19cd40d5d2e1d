// What the page's collector sends to `POST /api/device`: what a browser says of itself, and how a
// page was used. Everything here comes from a stranger: bounded first, believed never.
import * as v from 'valibot';

const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));
const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));
const measure = (max: number) => v.pipe(v.number(), v.minValue(0), v.maxValue(max));

const MAX_PIXELS = 100_000;
const MAX_DEPTH = 256;
const MAX_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_RATIO = 1e6;
const MAX_COUNT = 1_000_000;

/** A window may stand at a negative place, and has a negative size in no browser. */
const pixels = measure(MAX_PIXELS);
const milliseconds = measure(MAX_MS);
const ratio = measure(MAX_RATIO);
const events = count(MAX_COUNT);

const brandSchema = v.strictObject({ brand: text(64), version: text(32) });

export const deviceSchema = v.strictObject({
  ua: text(512),
  platform: v.nullable(text(64)),
  languages: v.nullable(v.pipe(v.array(text(35)), v.maxLength(32))),
  webdriver: v.nullable(v.boolean()),
  /** hardwareConcurrency */
  hc: v.nullable(count(4096)),
  /** deviceMemory, in GiB */
  dm: v.nullable(measure(4096)),
  /** maxTouchPoints */
  touch: v.nullable(count(1024)),
  /** width, height, available width, available height, depth */
  screen: v.nullable(v.strictTuple([pixels, pixels, pixels, pixels, measure(MAX_DEPTH)])),
  dpr: v.nullable(measure(100)),
  outer: v.nullable(v.strictTuple([pixels, pixels])),
  plugins: v.nullable(count(1000)),
  /** WebGL vendor and renderer */
  gl: v.nullable(v.strictObject({ v: v.nullable(text(256)), r: v.nullable(text(256)) })),
  tz: v.nullable(text(64)),
  /** userAgentData: brands, mobile, platform */
  uad: v.nullable(
    v.strictObject({
      b: v.pipe(v.array(brandSchema), v.maxLength(16)),
      m: v.nullable(v.boolean()),
      p: v.nullable(text(64)),
    }),
  ),
  canvas: v.nullable(text(128)),
  /** typeof window.chrome */
  chrome: v.nullable(text(16)),
  /** Notification.permission, and what the Permissions API says of it */
  notif: v.nullable(text(16)),
  perm: v.nullable(text(16)),
  vendor: v.nullable(text(64)),
  productSub: v.nullable(text(32)),
  /** eval.toString().length */
  evalLen: v.nullable(count(10_000)),
  /** pdfViewerEnabled */
  pdf: v.nullable(v.boolean()),
});
export type Device = v.InferOutput<typeof deviceSchema>;

const pointerSchema = v.strictObject({
  moves: events,
  ms: milliseconds,
  path_px: measure(1e9),
  straight: ratio,
  dt_med: milliseconds,
  dt_cv: ratio,
  v_mean: ratio,
  v_cv: ratio,
  collinear: ratio,
  turn: ratio,
  pauses: events,
  int_share: ratio,
});

export const inputSummarySchema = v.strictObject({
  /** null: no pointer was moved */
  pointer: v.nullable(pointerSchema),
  clicks: events,
  keys: events,
  touches: events,
  /** Variation of the time between touches, where there were several. */
  touch_dt_cv: v.optional(v.nullable(ratio)),
  scrolls: events,
  trusted: v.boolean(),
  /** Negative where a clock was set, or the page was left before it was loaded: people's are. */
  dwell_ms: v.pipe(v.number(), v.minValue(-MAX_MS), v.maxValue(MAX_MS)),
  first_input_ms: v.nullable(milliseconds),
});
export type InputSummary = v.InferOutput<typeof inputSummarySchema>;

/** As long as a solved challenge, or Turnstile's token, may be. */
export const PROOF_MAX_LENGTH = 4096;

/** Body of `POST /api/device`. Without `device` (or `input`) the collector was kept from working. */
export const attestationBodySchema = v.strictObject({
  device: v.optional(deviceSchema),
  input: v.optional(inputSummarySchema),
  proof: v.pipe(v.string(), v.minLength(1), v.maxLength(PROOF_MAX_LENGTH)),
});
export type AttestationBody = v.InferOutput<typeof attestationBodySchema>;

export const DEVICE_TOKEN_MAX_LENGTH = 512;
