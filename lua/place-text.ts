// A place as `lua/include/place.lua` writes it, for tests that put one there.

export interface StoredPlace {
  readonly ulid: string;
  readonly turn: number;
  readonly until: number;
  /** Epoch ms of the last forward; 0 before the first. */
  readonly enteredAt: number;
  readonly follows?: string;
}

/** A place of one who has come at the turn, whether it has entered or not. */
export function placeText(activityId: string, place: StoredPlace): string {
  const { ulid, turn, until, enteredAt, follows = '' } = place;
  const numbers = [turn, until, enteredAt].map((number) => number.toString(16)).join(' ');
  return `${ulid}${signOf(activityId)}${numbers}${follows === '' ? '' : `>${follows}`}`;
}

/** A place that was told to wait. */
export function waitingPlaceText(
  activityId: string,
  { ulid, turn, follows = '' }: Pick<StoredPlace, 'ulid' | 'turn' | 'follows'>,
): string {
  return `${ulid}${signOf(activityId)}${turn.toString(16)}${follows === '' ? '' : `>${follows}`}`;
}

const signOf = (activityId: string): string => `...${activityId}`.slice(-3);
