/** How a person wants the portal to look: language and size of type. The only thing that it keeps in the browser. */

const KEPT = 'warifu-display';

export type Language = 'ja' | 'en';
export type Type = 'normal' | 'large';

export interface Display {
  readonly language: Language;
  readonly type: Type;
}

/** What was chosen here before, else what the browser is set to. */
export function displayKept(): Display {
  const preferred = navigator.languages.find((one) => /^(ja|en)\b/.test(one))?.slice(0, 2);
  const said = { language: preferred === 'en' ? 'en' : 'ja', type: 'normal', ...read() };
  return { language: said.language === 'en' ? 'en' : 'ja', type: said.type === 'large' ? 'large' : 'normal' };
}

export function keepDisplay(display: Display): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(display));
  } catch {
    // A browser that keeps nothing shows what was chosen until it is closed.
  }
}

function read(): Partial<Record<keyof Display, unknown>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '{}');
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
