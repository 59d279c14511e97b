// The page as its person sees it: words, problems, what waits. It decides nothing.

import { languageOf, WORDS } from './words.js';

/** @typedef {import('./words.js').Word} Word */
/** @typedef {(words: typeof WORDS.ja) => string} Said */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function element(id) {
  return /** @type {T} */ (document.getElementById(id));
}

export class View {
  constructor() {
    this.language = languageOf(navigator.languages);
    /** What is shown besides the page's own words: said anew when the language changes. @type {Map<string, Said>} */
    this.shown = new Map();
    /** @type {[Said, Said] | null} */
    this.problem = null;
    element('language').addEventListener('click', () => this.#speak(this.language === 'ja' ? 'en' : 'ja'));
    this.#speak(this.language);
  }

  /** @param {import('./words.js').Language} language */
  #speak(language) {
    this.language = language;
    const words = WORDS[language];
    document.documentElement.lang = language;
    document.title = words.title;
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-word]'))) {
      place.textContent = words[/** @type {Word} */ (place.dataset['word'])];
    }
    const other = language === 'ja' ? 'en' : 'ja';
    element('language').lang = other;
    element('language').textContent = other === 'en' ? 'English' : '日本語';
    for (const [id, said] of this.shown) element(id).textContent = said(words);
    this.#showProblem();
  }

  /**
   * Says something in a place of its own.
   * @param {string} id
   * @param {Said | null} said
   */
  say(id, said) {
    if (said) this.shown.set(id, said);
    else this.shown.delete(id);
    element(id).textContent = said?.(WORDS[this.language]) ?? '';
  }

  /**
   * Marks a field as wrong, says why beside it, and leads there; null takes that back.
   * @param {'code' | 'pin'} field
   * @param {Said | null} said
   */
  mark(field, said) {
    this.say(`${field}-problem`, said);
    element(`${field}-problem`).hidden = said === null;
    if (said) element(field).setAttribute('aria-invalid', 'true');
    else element(field).removeAttribute('aria-invalid');
  }

  /**
   * Says what went wrong as a whole, or what is to be known, above everything; null takes that back.
   * @param {[Said, Said] | null} problem
   * @param {{ notice?: boolean }} [how]
   */
  fail(problem, { notice = false } = {}) {
    this.problem = problem;
    element('problem').classList.toggle('notice', notice);
    this.#showProblem();
    if (problem) element('problem').focus();
  }

  #showProblem() {
    const place = element('problem');
    place.hidden = this.problem === null;
    place.replaceChildren(
      ...(this.problem ?? []).map((said) => {
        const line = document.createElement('p');
        line.textContent = said(WORDS[this.language]);
        return line;
      }),
    );
  }

  /**
   * Says what is waited for; null when nothing is. Buttons stay where they are, so that nobody loses the focus.
   * @param {Said | null} said
   */
  wait(said) {
    this.say('status', said);
    for (const button of document.querySelectorAll('main button')) button.setAttribute('aria-disabled', String(said !== null));
  }
}
