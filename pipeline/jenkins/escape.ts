/**
 * A Groovy single-quoted string literal whose value is exactly `text`.
 * A backslash is written in octal: Groovy translates `\uXXXX` before it reads the program, so that even `\\u0027` would
 * end the string (Groovy 2.4 documentation, "Unicode escape sequence").
 */
export function groovyString(text: string): string {
  return `'${text.replaceAll(/['\\]|[^ -~]/g, groovyCharacter)}'`;
}

function groovyCharacter(character: string): string {
  if (character === "'") return "\\'";
  if (character === '\n') return '\\n';
  if (character === '\\') return '\\134';
  return [...Array(character.length).keys()].map((index) => groovyUnit(character.charCodeAt(index))).join('');
}

// Control characters as Unicode escapes would be translated before the string is read, and a line end would break it.
function groovyUnit(unit: number): string {
  if (unit < 0x20 || unit === 0x7f) return `\\${unit.toString(8).padStart(3, '0')}`;
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** One line of plain text for a comment, in any of the languages we generate: it cannot end the comment, nor be an escape. */
export function commentText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('\\', '/')
    .replaceAll(/\*\/|\/\*|-->/g, ' ')
    .trim();
}

/**
 * A YAML double-quoted scalar whose value is exactly `text` once Configuration as Code has read it:
 * that plugin replaces `${NAME}` in every value, and takes `^${NAME}` literally.
 */
export function cascString(text: string): string {
  const literal = text.replaceAll('${', '^${');
  return JSON.stringify(literal).replaceAll(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text inside Markdown prose or a table cell: no markup, no line end, no HTML. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*[\]|~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
