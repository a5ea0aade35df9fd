import { expect } from 'chai';
import fc from 'fast-check';
import { translateText } from '../../../steps/rendering/translate-text.ts';

const table = { 'eu-west-1': 'eu-central-1', 'eu-west-1a': 'eu-central-1b', '*.shop.example.com': '*.dr.example.com', same: 'same' };

describe('translating words of a text', () => {
  it('replaces whole words, also inside of longer names', () => {
    expect(translateText('eu-west-1 s3.eu-west-1.amazonaws.com media-eu-west-1-x', table)).to.equal(
      'eu-central-1 s3.eu-central-1.amazonaws.com media-eu-central-1-x',
    );
  });

  it('leaves words alone that only begin or end alike', () => {
    expect(translateText('eu-west-12 xeu-west-1 eu-west-1b', table)).to.equal('eu-west-12 xeu-west-1 eu-west-1b');
  });

  it('takes the longest of words that begin alike', () => {
    expect(translateText('eu-west-1a', table)).to.equal('eu-central-1b');
  });

  it('takes words literally, whatever they hold', () => {
    expect(translateText('host *.shop.example.com, x.shop.example.com', table)).to.equal('host *.dr.example.com, x.shop.example.com');
  });

  it('does not translate twice what one pass has put in', () => {
    expect(translateText('a b', { a: 'b', b: 'a' })).to.equal('b a');
  });

  it('is done once where no translation gives a word of another one', () => {
    // Of words that are no parts of each other: beside a hyphen, a translated part and its neighbour may make another word.
    const word = fc.stringMatching(/^[a-d]{1,3}$/);
    fc.assert(
      fc.property(fc.dictionary(word, word), fc.array(word), (translations, words) => {
        fc.pre(Object.values(translations).every((to) => translateText(to, translations) === to));
        const once = translateText(words.join(' '), translations);
        expect(translateText(once, translations)).to.equal(once);
      }),
    );
  });
});
