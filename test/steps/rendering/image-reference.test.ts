import { expect } from 'chai';
import { fullRepository, imageText, parseImage } from '../../../steps/rendering/image-reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('a container image as it is written', () => {
  for (const [text, repository, tag, digest] of [
    ['nginx', 'nginx', null, null],
    ['nginx:1.27', 'nginx', '1.27', null],
    ['registry.example.com:5000/shop/web', 'registry.example.com:5000/shop/web', null, null],
    ['registry.example.com:5000/shop/web:v1', 'registry.example.com:5000/shop/web', 'v1', null],
    [`shop/web@${DIGEST}`, 'shop/web', null, DIGEST],
    [`shop/web:1.2@${DIGEST}`, 'shop/web', '1.2', DIGEST],
  ] as const) {
    it(`is read and written: ${text}`, () => {
      expect(parseImage(text)).to.deep.equal({ repository, tag, digest });
      expect(imageText({ repository, tag, digest })).to.equal(text);
    });
  }

  for (const text of ['', 'https://gitlab.example.com/x.git', 'two words', 'shop/web:', `shop/web@sha256:short`, '[{"HTTPS": 443}]']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parseImage(text)).to.equal(null);
    });
  }

  it('is the same under the short names of Docker Hub', () => {
    expect(['nginx', 'library/nginx', 'docker.io/library/nginx'].map(fullRepository)).to.deep.equal(
      Array.from({ length: 3 }, () => 'docker.io/library/nginx'),
    );
    expect(fullRepository('localhost/web')).to.equal('localhost/web');
  });
});
