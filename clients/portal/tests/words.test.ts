import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { adviceFor } from '../app/problems/advice.ts';
import en from '../app/words/en/index.ts';
import ja from '../app/words/ja/index.ts';

/** Every text by its whole name; the forms of a plural are one. */
function texts(words: object, before = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([name, value]) => {
      const key = `${before}${name}`;
      return typeof value === 'string' ? [[key.replace(/_(one|other)$/, ''), value] as const] : [...texts(value as object, `${key}.`)];
    }),
  );
}

const [japanese, english] = [texts(ja), texts(en)];
const values = (text: string | undefined): string[] => [...new Set(text?.match(/\{\{\w+/g))].sort();

test('both languages say everything', () => {
  expect([...english.keys()].sort()).toEqual([...japanese.keys()].sort());
  expect([...japanese, ...english].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('both languages name the same values', () => {
  const different = [...japanese].filter(([key, text]) => values(text).join() !== values(english.get(key)).join());
  expect(different.map(([key]) => key)).toEqual([]);
});

test('English has no Japanese in it', () => {
  expect([...english].filter(([, text]) => /[ぁ-んァ-ヶ一-龠]/.test(text))).toEqual([]);
});

test('every type of problem has words', () => {
  const listed = readFileSync('../../contracts/problems.md', 'utf8');
  const types = [...listed.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, type]) => type!);
  expect(types.length).toBeGreaterThan(90);
  for (const words of [ja.problems, en.problems]) {
    expect(types.filter((type) => !(type in words.title))).toEqual([]);
  }
});

test('nobody is left without advice but where the words say what to do', () => {
  const without = Object.keys(ja.problems.title).filter((type) => adviceFor(type) === null);
  expect(without.sort()).toEqual([
    'challenge-refused', 'entry-refused', 'last-verifier', 'log-empty', 'out-of-stock', 'points-short', 'too-many-installs', 'verifiers-full',
  ]);
});
