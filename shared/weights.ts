// The one table of rules and weights. A weight is points of 100 that the rule takes of what is left.
// Beside each: what it costs a script to avoid it, or why a person seldom does that. A sign that
// some people give weighs less than `challengeAt` (40) alone.

/** Layer 2: what a user does. */
const BEHAVIOUR = {
  // Time: only waiting helps a script, which is what it may not.
  /** Faster than the eye, the hand and the wire together. */
  'before-reaction': 65,
  /** The fastest of people, now and then. */
  'at-reaction': 30,
  /** One person in twelve; together with another sign it is asked to prove itself. */
  'quick-reaction': 22,
  /** Nobody has read, found and pressed within a second of asking for the page. */
  'page-just-served': 45,
  'page-hardly-read': 20,
  /** The page always tells its age; what has none did not come from a page. */
  'no-page': 22,
  'probes-before-start': 25,
  'many-probes-before-start': 50,
  /** Quicker again than a finger, several times. */
  burst: 45,
  /** A clock's rhythm. */
  'even-rhythm': 25,

  // Use of the page: costs a script a recording of its own for each user.
  /** Signals without any input: a page that was opened and never touched. */
  'no-input': 28,
  /** A click that no pointer, finger or key came before; voice control does that. */
  'click-from-nowhere': 15,
  'untrusted-input': 32,
  /** Places between pixels, which no mouse reports. */
  'pointer-between-pixels': 30,
  /** A hand speeds up and slows down. */
  'pointer-of-one-speed': 25,
  'pointer-never-slower': 36,
  /** Screens tell movements in steps, and hands pause. */
  'pointer-of-one-tempo': 12,
  /** The same over many movements. */
  'pointer-without-rest': 34,
  /** Pointer, keys and times alike to the digit: recorded once, sent for many. */
  'input-repeated': 60,

  // How a user moves: costs a script networks and devices that stay.
  /** Three and more carriers in minutes: people change once, from home to street. */
  'carriers-of-a-user': 45,
  'networks-of-a-user': 22,
  'devices-of-a-user': 25,
} as const;

/** Layer 3: what a client is. */
const FINGERPRINT = {
  // What other requests say: only more devices, networks or patience help a script.
  /** One set of signals, more users than such a device has: a phone of a common make has many. */
  'device-of-many': 50,
  /** The same, three times over. */
  'device-of-a-crowd': 75,
  /** Same graphics, canvas and screen under many users, with other details changed. */
  'make-of-many': 35,
  /** No signals, and the headers of many others who show none either. */
  'unshown-of-many': 22,

  // What the browser says of itself: costs a script care, once.
  /** The collector was blocked, or there is no JavaScript: people do that too. Haste adds up. */
  'no-device': 25,
  webdriver: 60,
  'headless-agent': 60,
  /** Rendered without graphics hardware: virtual machines, and some people's old ones. */
  'software-graphics': 25,
  'no-graphics': 12,
  'graphics-of-other-system': 28,
  'system-contradicted': 30,
  'engine-contradicted': 35,
  'version-contradicted': 30,
  /** Chromium's filler brand follows from its version; a frozen one was copied. */
  'brand-of-other-version': 36,
  'brand-renamed': 12,
  'touch-contradicted': 18,
  'permission-contradicted': 30,
  'bare-browser': 10,
  'window-of-no-desktop': 20,
  'no-languages': 25,
  /** Servers keep UTC; people live somewhere. */
  'zone-of-servers': 20,
  /** Travellers and tunnels. */
  'zone-of-other-continent': 24,

  // What the request says.
  'library-agent': 60,
  'agent-changed': 28,
  /** Every browser's script sends its origin with a POST. */
  'no-origin': 38,
  'no-fetch-metadata': 34,
  'no-accepted-language': 25,
  'no-hints': 12,
  'hints-contradicted': 28,
  'languages-contradicted': 18,
  /** Browsers speak HTTP/2 and 3 to us; some companies' proxies do not. */
  'old-protocol': 15,
  /** Never enough alone: tunnels, relays and companies live there too. */
  'data-centre': 20,
  'tls-of-no-browser': 30,
  'managed-bot': 60,
  'managed-suspect': 25,
} as const;

export const WEIGHTS = { ...BEHAVIOUR, ...FINGERPRINT } as const;

export const isBehaviour = (rule: string): boolean => rule in BEHAVIOUR;

export type Rule = keyof typeof WEIGHTS;

/** What no person's browser, network or hand does by accident: only with these is one refused. */
export const NO_ACCIDENT: ReadonlySet<string> = new Set<Rule>([
  'device-of-many',
  'device-of-a-crowd',
  'input-repeated',
  'carriers-of-a-user',
  'before-reaction',
  'burst',
  'many-probes-before-start',
  'webdriver',
  'headless-agent',
  'library-agent',
  'no-origin',
  'managed-bot',
]);
