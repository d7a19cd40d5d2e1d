// Cloudflare Turnstile, loaded only where a challenge asks for it. The widget says for itself what it
// wants, and works by keyboard.
import type { TurnstileChallenge } from '../answers.ts';
import { element } from '../elements.ts';
import type { Solved } from './solve.ts';

interface Widgets {
  render(container: HTMLElement, options: object): string;
  remove(id: string): void;
}
declare global {
  interface Window {
    turnstile?: Widgets;
  }
}

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';
const GIVES_UP_AFTER_MS = 240_000;
const UNSOLVED: Solved = { kind: 'unsolved' };

export async function askTurnstile(challenge: TurnstileChallenge): Promise<Solved> {
  const widgets = await load();
  if (widgets === undefined) return UNSOLVED;
  const { siteKey: sitekey, action, cData } = challenge;
  const container = element('widget', HTMLDivElement);
  container.hidden = false;
  const { promise, resolve } = Promise.withResolvers<Solved>();
  const timer = setTimeout(() => resolve(UNSOLVED), GIVES_UP_AFTER_MS);
  const id = widgets.render(container, {
    ...{ sitekey, action, cData },
    callback: (proof: string) => resolve({ kind: 'solved', proof }),
    'error-callback': () => resolve(UNSOLVED),
    'unsupported-callback': () => resolve(UNSOLVED),
  });
  const solved = await promise;
  clearTimeout(timer);
  widgets.remove(id);
  container.hidden = true;
  return solved;
}

function load(): Promise<Widgets | undefined> {
  if (window.turnstile !== undefined) return Promise.resolve(window.turnstile);
  const { promise, resolve } = Promise.withResolvers<Widgets | undefined>();
  const script = document.createElement('script');
  script.src = SCRIPT;
  script.addEventListener('load', () => resolve(window.turnstile));
  script.addEventListener('error', () => resolve(undefined));
  document.head.append(script);
  return promise;
}
