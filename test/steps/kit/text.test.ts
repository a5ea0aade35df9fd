import { expect } from 'chai';
import { brief, compareText, durationText } from '../../../steps/kit/text.ts';

describe('texts', () => {
  it('are put on one line and cut to what a message bears', () => {
    expect(brief(' a\n  b\tc ')).to.equal('a b c');
    expect(brief('x'.repeat(300))).to.equal('x'.repeat(300));
    expect(brief('x'.repeat(301))).to.equal(`${'x'.repeat(299)}…`);
    expect(brief('abcdef', 4)).to.equal('abc…');
  });

  it('say no more of a page of HTML than its title', () => {
    expect(brief('<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head>')).to.equal('a page of HTML, "Bad gateway"');
    expect(brief('<html><body>Sign in</body></html>')).to.equal('a page of HTML');
    expect(brief('a < b and <html> in the middle')).to.equal('a < b and <html> in the middle');
  });

  it('are ordered the same on every machine', () => {
    expect(['b', 'a', 'B', 'ä', 'a'].toSorted(compareText)).to.deep.equal(['B', 'a', 'a', 'b', 'ä']);
  });

  it('tell how long something takes, with no more than two units', () => {
    const seconds = [0, 7.4, 59.6, 89, 725, 1020, 3600, 3720, 7199];
    const texts = ['0 s', '7 s', '1 min', '1 min 29 s', '12 min 05 s', '17 min', '1 h', '1 h 02 min', '1 h 59 min'];
    expect(seconds.map(durationText)).to.deep.equal(texts);
  });
});
