// A place: in the draw, in line, waiting for units that come back, called.
import type { Place, Sale } from '../answers.ts';
import { serverNow } from '../server-clock.ts';
import type { Retry, View } from '../view.ts';
import {
  clockText,
  countText,
  rangeText,
  shareText,
  timeText,
  waitText,
} from '../words/figures.ts';
import { words } from '../words/words.ts';
import type { Drawing, Fact, Proof } from './drawing.ts';

type Of<Kind extends View['kind']> = Extract<View, { kind: Kind }>;

/** What is wrong, and when the page tries again. */
export function drawRetry({ note, retryAt }: Retry): Pick<Drawing, 'notice' | 'small'> {
  const seconds = retryAt === undefined ? 0 : (retryAt - Date.now()) / 1000;
  return {
    ...(note !== '' && { notice: note }),
    ...(note !== '' && seconds > 0.5 && { small: words().nextTry(waitText(Math.ceil(seconds))) }),
  };
}

export function drawEntered({ place, sale, retry }: Of<'entered'>): Drawing {
  const say = words();
  const { entry } = place;
  const draw = sale?.draw;
  const untilStart = sale === undefined ? 0 : sale.startAt - serverNow();
  const isBefore = untilStart > 0;
  const facts: Fact[] = [];
  if (entry !== undefined) facts.push([say.entryNumber, countText(entry.index + 1)]);
  if (draw !== undefined && isBefore) facts.push([say.entries, countText(draw.entries)]);
  return {
    ...(isBefore && { figure: clockText(untilStart), caption: say.opensIn }),
    headline: isBefore ? say.inDraw : say.drawing,
    detail: isBefore ? say.inDrawNext : say.drawingNext,
    facts,
    proofs: [...entryProofs(place), ...(draw === undefined ? [] : [drawProof(draw)])],
    ...drawRetry(retry),
  };
}

/** A beacon that is named with the sale is known beforehand: it takes nothing off what is said. */
function drawProof({ commitment }: NonNullable<Sale['draw']>): Proof {
  const say = words();
  const note = `${say.commitmentNote} ${say.exceptOperator}`;
  return { name: say.commitment, text: commitment, note };
}

function entryProofs({ entry }: Place): Proof[] {
  const say = words();
  const text = entry?.receipt;
  return text === undefined ? [] : [{ name: say.entryReceipt, text, note: say.entryReceiptNote }];
}

export function drawWaiting({ place, first, retry }: Of<'waiting'>): Drawing {
  const say = words();
  const { position = 1 } = place;
  const isForReturn = place.reason === 'waiting-for-return';
  const next = isForReturn ? say.waitingForReturnNext : say.keepOpen;
  const share = Math.max(0, Math.min(1, 1 - position / Math.max(first + 1, position)));
  return {
    figure: countText(position),
    caption: say.placeInLine,
    headline: isForReturn ? say.waitingForReturn : say.placeInLine,
    detail: retry.retryAt === undefined ? next : say.placeKept,
    bar: { share, label: say.howFarLine },
    facts: [...(isForReturn ? [] : waitFacts(place)), ...returnFacts(place), ...chanceFacts(place)],
    proofs: entryProofs(place),
    ...drawRetry(retry),
  };
}

function waitFacts(place: Place): Fact[] {
  const say = words();
  const { estimatedWaitSeconds: wait, waitRangeSeconds: range } = place;
  const isKnown = typeof wait === 'number';
  return [
    [say.expectedWait, isKnown ? waitText(wait) : say.notKnownYet],
    ...(range ? [[say.waitRange, rangeText(range)] as const] : []),
  ];
}

/** Unknown is not hopeless. */
function chanceFacts({ chance, estimatedWaitSeconds: wait }: Place): Fact[] {
  const say = words();
  if (typeof chance === 'number') return [[say.chance, shareText(chance)]];
  return typeof wait === 'number' ? [] : [[say.chance, say.manyAhead]];
}

function returnFacts({ nextReturnAt }: Place): Fact[] {
  return nextReturnAt == null ? [] : [[words().nextReturn, timeText(nextReturnAt)]];
}
