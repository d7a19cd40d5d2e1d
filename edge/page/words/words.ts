// Which language the page speaks: the buyer's choice, else the first of the browser's languages that
// there is. Text of the page's own markup is named by `data-word`.
import { store } from '../store.ts';
import { chinese } from './chinese.ts';
import { english, type Words } from './english.ts';

type Language = 'en' | 'zh';
/** Words that are plain text, and so may stand in the markup. */
type PlainWord = { [Name in keyof Words]: Words[Name] extends string ? Name : never }[keyof Words];

const LANGUAGES: Readonly<Record<Language, Words>> = { en: english, zh: chinese };
const CHOSEN = 'language';

let language = chosenLanguage();

/** The words of the present language. */
export function words(): Words {
  return LANGUAGES[language];
}

/** The other language, by the name that it calls itself. */
export function otherWords(): Words {
  return LANGUAGES[other(language)];
}

/** For `Intl`: the buyer's own variant of the language, where the browser names one. */
export function locale(): string {
  const plain = language === 'zh' ? 'zh-CN' : 'en';
  return navigator.languages.find((name) => languageOf(name) === language) ?? plain;
}

export function switchLanguage(): void {
  language = other(language);
  store.setItem(CHOSEN, language);
  speakMarkup();
}

/** Says the page's own markup in the present language. */
export function speakMarkup(): void {
  const said = words();
  document.documentElement.lang = said.lang;
  for (const node of document.querySelectorAll<HTMLElement>('[data-word]')) {
    const name = node.dataset.word ?? '';
    if (isPlainWord(name)) node.textContent = said[name];
  }
  for (const node of document.querySelectorAll<HTMLElement>('[data-label]')) {
    const name = node.dataset.label ?? '';
    if (isPlainWord(name)) node.ariaLabel = said[name];
  }
}

export function isPlainWord(name: string): name is PlainWord {
  return typeof Reflect.get(english, name) === 'string';
}

function chosenLanguage(): Language {
  const chosen = store.getItem(CHOSEN);
  if (chosen === 'en' || chosen === 'zh') return chosen;
  const known = navigator.languages.map(languageOf);
  return known.find((name) => name !== undefined) ?? 'en';
}

function languageOf(name: string): Language | undefined {
  const [code] = name.toLowerCase().split('-');
  return code === 'en' || code === 'zh' ? code : undefined;
}

function other(name: Language): Language {
  return name === 'en' ? 'zh' : 'en';
}
