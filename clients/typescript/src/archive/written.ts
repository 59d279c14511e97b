/** A section's table as CSV, and all sections as a page. */

import { utf8, type Bytes } from '../protocol/encoding.js';
import type { Cell, Content, Section, Words } from './section.js';

export type Language = 'ja' | 'en';

const ABOUT: Words = {
  ja:
    'これはあなたの記録の写しです。記録が書き出された後に変更されていないことは、同じフォルダーの署名で確認できます。' +
    '署名はあなたの鍵によるもので、健康保険組合や健診機関が内容を証明するものではありません。',
  en:
    'This is a copy of your record. The signature beside it shows that nothing was changed after it was written. ' +
    'The key is your own: neither your health insurance society nor an institution vouches for the content by it.',
};
const TITLE: Words = { ja: '健康の記録', en: 'Health record' };
const NOTHING: Words = { ja: '記録はありません。', en: 'Nothing is recorded.' };
const STYLE =
  'body{font-family:sans-serif;margin:2em;line-height:1.5}table{border-collapse:collapse;margin-bottom:2em}' +
  'th,td{border:1px solid #999;padding:.2em .6em;text-align:left;vertical-align:top;white-space:pre-wrap}';
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** A section as CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it. */
export function table(section: Section, content: Content): Bytes {
  const lines = [Object.keys(section.columns), ...content.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.code)))];
  return utf8(`\ufeff${lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')}`);
}

/** All sections as one page of HTML that needs nothing beside it. */
export function page(parts: readonly (readonly [Section, Content])[], made: string, language: Language): Bytes {
  const title = said(TITLE, language);
  const body = parts.map(([section, content]) => sectionOf(section, content, language)).join('');
  return utf8(
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>` +
      `<body><h1>${title} (${made})</h1><p>${said(ABOUT, language)}</p>${body}</body></html>\n`,
  );
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}

function sectionOf(section: Section, content: Content, language: Language): string {
  const heading = `<h2>${said(section.title, language)}</h2>`;
  if (content.rows.length === 0) return `${heading}<p>${said(NOTHING, language)}</p>`;
  const head = Object.values(section.columns).map((one) => `<th>${said(one, language)}</th>`).join('');
  const rows = content.rows.map((row) => `<tr>${row.map((cell) => `<td>${cellOf(cell, language)}</td>`).join('')}</tr>`).join('');
  return `${heading}<table><tr>${head}</tr>${rows}</table>`;
}

function cellOf(cell: Cell, language: Language): string {
  return typeof cell === 'string' ? escaped(cell) : said(cell.words, language);
}

function said(words: Words, language: Language): string {
  return escaped(words[language]);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
