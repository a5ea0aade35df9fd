import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { cascString, commentText, groovyString, markdownText } from '../../../pipeline/jenkins/escape.ts';

/** Texts made of what ends strings and comments in the languages we generate. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"', '\\', '$', '${x}', "'''", 'u0027', '\\u0027', '\\u000a', '\n', '\r', '\u2028', '*/', '//', '`', '😀'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

/** Reads a Groovy single-quoted literal as Groovy 2.4 does: Unicode escapes first, in the source text, then the string. */
function readGroovy(literal: string): string {
  const source = literal.replaceAll(/\\u+([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const inner = /^'((?:[^'\\\r\n]|\\(?:[0-3][0-7]{2}|n|'))*)'$/.exec(source)?.[1];
  if (inner === undefined) throw new Error(`not one Groovy literal: ${literal}`);
  return inner.replaceAll(/\\([0-3][0-7]{2}|n|')/g, (_, code: string) =>
    code === 'n' ? '\n' : code === "'" ? "'" : String.fromCharCode(Number.parseInt(code, 8)),
  );
}

describe('Escaping', () => {
  it('gives back every text from a Groovy string, whatever is in it', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(readGroovy(groovyString(text))).to.equal(text);
      }),
    );
  });

  it('leaves neither a backslash before a u nor an unescaped quote in a Groovy string', () => {
    expect(groovyString("it's \\u0027 $HOME")).to.equal("'it\\'s \\134u0027 $HOME'");
  });

  it('keeps a comment on one line and free of escapes', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(commentText(text)).to.not.match(/[\r\n\\\u2028\u2029]|\*\/|-->/);
      }),
    );
  });

  it('gives back every text from a YAML scalar, with variables kept from Configuration as Code', () => {
    fc.assert(
      fc.property(
        nastyText.filter((text) => !/\p{Cs}/u.test(text)),
        (text) => {
          expect((parse(cascString(text)) as string).replaceAll('^${', '${')).to.equal(text);
        },
      ),
    );
    expect(cascString('${SECRET}')).to.equal('"^${SECRET}"');
  });

  it('leaves no markup in Markdown text', () => {
    expect(markdownText('<b>|`x`|\n[a](b)')).to.equal('&lt;b>&#124;&#96;x&#96;&#124; &#91;a&#93;(b)');
  });
});
