/** What stands for what: whole words of a text, literally. */
export type Translations = Readonly<Record<string, string>>;

/**
 * Replaces whole words in one pass, so that nothing is translated twice; of words that begin alike the longest counts. A word ends where
 * no letter or digit follows: `eu-west-1` is none in `eu-west-1a` or in `eu-west-12`.
 */
export function translateText(text: string, translations: Translations): string {
  return createTranslator(translations)(text);
}

/** Translates one text after the other. */
export type Translator = (text: string) => string;

/** The same for many texts. */
export function createTranslator(translations: Translations): Translator {
  const table = new Map(Object.entries(translations));
  if (table.size === 0) return (text) => text;
  const pattern = wordPattern(table.keys());
  return (text) => text.replace(pattern, (word) => table.get(word) ?? word);
}

/** The words of a text that would be translated, in its order. */
export function translatedWords(text: string, translations: Translations): string[] {
  const words = Object.keys(translations);
  return words.length === 0 ? [] : (text.match(wordPattern(words)) ?? []);
}

function wordPattern(words: Iterable<string>): RegExp {
  const longestFirst = [...words].toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((word) => literal(word)).join('|'), 'g');
}

/** A regular expression for a word as it is, where it stands alone; `ending`: a pattern for what it may end with. */
export function literal(word: string, ending = ''): string {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return `${/^\w/.test(word) ? '(?<![A-Za-z0-9])' : ''}${escaped}${ending}${/\w$/.test(word) ? '(?![A-Za-z0-9])' : ''}`;
}
