// Numbers, money and times as the buyer's language writes them.
import { locale } from './words.ts';

const MINUTES_FROM_SECONDS = 90;
const HOURS_FROM_SECONDS = 90 * 60;
const DAY_MS = 86_400_000;

export function countText(count: number): string {
  return count.toLocaleString(locale());
}

/** An amount in minor units. */
export function moneyText({ amount, currency }: { amount: number; currency: string }): string {
  const format = new Intl.NumberFormat(locale(), { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** "12 seconds", "3 minutes": no more digits than anybody can promise. */
export function waitText(seconds: number): string {
  const { unit, size } = unitOf(seconds);
  return unitFormat(unit).format(Math.max(1, Math.round(seconds / size)));
}

/** "5–8 seconds", "2–4 minutes"; what rounds to one number is said once. */
export function rangeText([low, high]: readonly [number, number]): string {
  const { unit, size } = unitOf(high);
  const to = Math.max(1, Math.ceil(high / size));
  const from = Math.min(to, Math.floor(low / size));
  const format = unitFormat(unit);
  return from === to ? format.format(to) : format.formatRange(from, to);
}

/** To the nearest 5 %: nobody knows more. "under 5 %" is for who asks for words. */
export function shareText(share: number): string {
  const rounded = Math.min(0.95, Math.max(0.05, Math.round(share * 20) / 20));
  const sign = share < 0.05 ? '< ' : share > 0.95 ? '> ' : '';
  return sign + new Intl.NumberFormat(locale(), { style: 'percent' }).format(rounded);
}

/** "1:02:03", "02:03". */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const minutes = `${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}

/** The time of day, with its date where that is not today. */
export function timeText(ms: number): string {
  const isNear = Math.abs(ms - Date.now()) < DAY_MS / 2;
  const style: Intl.DateTimeFormatOptions = isNear
    ? { timeStyle: 'short' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(locale(), style).format(ms);
}

type Unit = 'second' | 'minute' | 'hour';

function unitOf(seconds: number): { unit: Unit; size: number } {
  if (seconds < MINUTES_FROM_SECONDS) return { unit: 'second', size: 1 };
  if (seconds < HOURS_FROM_SECONDS) return { unit: 'minute', size: 60 };
  return { unit: 'hour', size: 3600 };
}

function unitFormat(unit: Unit): Intl.NumberFormat {
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' });
}
