import type { Estate } from '../../steps/estate/estate.ts';
import { translateText } from '../../steps/rendering/translate-text.ts';
import type { Mistake } from './mistake.ts';

/** Translations whose result another one would translate again: rendering twice would not be rendering once. */
export function translationMistakes({ targets }: Pick<Estate, 'targets'>): readonly Mistake[] {
  return Object.entries(targets).flatMap(([name, { translations }]) =>
    Object.entries(translations).flatMap(([from, to]): Mistake[] => {
      const again = from === to ? to : translateText(to, translations);
      if (again === to) return [];
      return [
        {
          path: ['targets', name, 'translations', from],
          message: `gives ${to}, which would be translated again, into ${again}`,
          suggestion: `translate ${to} to itself, or write longer words`,
        },
      ];
    }),
  );
}
