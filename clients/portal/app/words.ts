/** The words of the portal: one JSON file for each language and part. A language is loaded when it is wanted. */

import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

import type { Language } from './display.ts';
import type ja from './words/ja/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof ja;
  }
}

const LANGUAGES: Record<Language, () => Promise<{ default: object }>> = {
  ja: () => import('./words/ja/index.ts'),
  en: () => import('./words/en/index.ts'),
};

/** Speaks a language from now on. */
export async function speak(language: Language): Promise<i18n> {
  const words = (await LANGUAGES[language]()).default;
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      resources: { [language]: words as Record<string, Record<string, string>> },
      defaultNS: 'common',
      // Nothing stands in for what a language lacks: a test finds it.
      fallbackLng: false,
      // React writes text, never markup.
      interpolation: { escapeValue: false },
    });
  } else if (i18next.language !== language) {
    for (const [part, texts] of Object.entries(words)) i18next.addResourceBundle(language, part, texts);
    await i18next.changeLanguage(language);
  }
  document.documentElement.lang = language;
  return i18next;
}
