// The button that names the other language, in that language.
import { element } from './elements.ts';
import { otherWords, speakMarkup, switchLanguage } from './words/words.ts';

/** Speaks the markup, now and after each switch; `onSwitch` says the rest again. */
export function offerLanguages(onSwitch: () => void): void {
  const button = element('language', HTMLButtonElement);
  const name = () => {
    const { name: text, lang } = otherWords();
    button.textContent = text;
    button.lang = lang;
    button.hidden = false;
  };
  button.addEventListener('click', () => {
    switchLanguage();
    name();
    onSwitch();
  });
  speakMarkup();
  name();
}
