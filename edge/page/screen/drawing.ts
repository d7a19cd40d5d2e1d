// What the screen has room for. One primary action at a time: a press (`act`) or a way out to pay.

export interface Drawing {
  /** The one thing to see from across the room, and what it is; neither is read out as it moves. */
  readonly figure?: string;
  readonly caption?: string;
  /** Said aloud whenever it changes, so figures that move stand elsewhere. */
  readonly headline: string;
  /** Said aloud too: what is wrong while the rest goes on. */
  readonly notice?: string;
  readonly detail?: string;
  readonly facts?: readonly Fact[];
  /** How much is done, 0…1, and of what; no bar without it. */
  readonly bar?: { readonly share: number; readonly label: string };
  /** For who wants to know. */
  readonly proofs?: readonly Proof[];
  readonly small?: string;
  /** The words on the button; no button without them. */
  readonly act?: string;
  readonly pay?: { readonly text: string; readonly url: string };
  /** Offered below the primary action: buy another, and give the order back. */
  readonly another?: string;
  readonly cancel?: string;
  readonly orders?: { readonly title: string; readonly ids: readonly string[] };
}

/** A text that proves something, how it is called and what it proves. */
export interface Proof {
  readonly name: string;
  readonly text: string;
  readonly note: string;
}

export type Fact = readonly [name: string, value: string];

/** Only what is there; a member that is undefined is none. */
export function ordersUnder(title: string, ids: readonly string[]): Pick<Drawing, 'orders'> {
  return ids.length === 0 ? {} : { orders: { title, ids } };
}
