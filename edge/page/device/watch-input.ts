// Counts what hands do on this page: how often and how a pointer moved, never what was typed or
// where. Keyboard alone and touch alone are as good as a mouse.
import {
  type PointerSample,
  type PointerSummary,
  spreadOverMean,
  summarisePointer,
} from './pointer-summary.ts';

export interface InputSummary {
  readonly pointer: PointerSummary | null;
  readonly clicks: number;
  readonly keys: number;
  readonly touches: number;
  /** Between two touches: spread over mean of the time; null where there were fewer than three. */
  readonly touch_dt_cv: number | null;
  readonly scrolls: number;
  /** False where all input was made by scripts; extensions that fill forms may add to a hand's. */
  readonly trusted: boolean;
  /** Since the page was opened. */
  readonly dwell_ms: number;
  readonly first_input_ms: number | null;
}

const KEPT_MS = 3_000;
const MOST_SAMPLES = 256;
const MOST_COUNTED = 10_000;
const LEAST_TOUCHES = 3;
const KEPT_TOUCHES = 64;

const counts = { clicks: 0, keys: 0, touches: 0, scrolls: 0 };
let samples: PointerSample[] = [];
let touchedAt: number[] = [];
const seen = { byHand: false, byScript: false };
let firstInputAt: number | undefined;
let onFirstInput: (() => void) | undefined;

/** Resolves at the first sign of a hand. */
export const firstInput = new Promise<void>((resolve) => {
  onFirstInput = resolve;
});

export function watchInput(): void {
  // Also the click that a screen reader or a voice makes, before which no button goes down.
  on('click', 'clicks', (event) => !(event instanceof PointerEvent && isTouch(event)));
  on('keydown', 'keys', () => true);
  on('touchstart', 'touches', () => true);
  on('scroll', 'scrolls', () => true);
  listen('touchstart', ({ timeStamp }) => {
    touchedAt = [...touchedAt.slice(1 - KEPT_TOUCHES), timeStamp];
  });
  listen('pointermove', (event) => {
    if (event instanceof PointerEvent && !isTouch(event)) addSample(event);
  });
}

export function summariseInput(): InputSummary {
  const now = performance.now();
  return {
    pointer: summarisePointer(samples),
    ...counts,
    touch_dt_cv: touchedAt.length < LEAST_TOUCHES ? null : spreadOverMean(gaps(touchedAt)),
    trusted: seen.byHand || !seen.byScript,
    dwell_ms: Math.round(now),
    first_input_ms: firstInputAt === undefined ? null : Math.round(firstInputAt),
  };
}

function on(type: string, name: keyof typeof counts, isOne: (event: Event) => boolean): void {
  listen(type, (event) => {
    if (isOne(event)) counts[name] = Math.min(MOST_COUNTED, counts[name] + 1);
  });
}

function listen(type: string, take: (event: Event) => void): void {
  const note = (event: Event) => {
    seen[event.isTrusted ? 'byHand' : 'byScript'] = true;
    firstInputAt ??= event.timeStamp;
    onFirstInput?.();
    take(event);
  };
  document.addEventListener(type, note, { capture: true, passive: true });
}

function addSample({ timeStamp: t, clientX: x, clientY: y }: PointerEvent): void {
  samples.push({ t, x, y });
  const tooMany = samples.length > MOST_SAMPLES ? samples.length - MOST_SAMPLES : 0;
  const fresh = samples.findIndex((sample) => t - sample.t <= KEPT_MS);
  samples = samples.slice(Math.max(tooMany, fresh));
}

function isTouch({ pointerType }: PointerEvent): boolean {
  return pointerType === 'touch';
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}
