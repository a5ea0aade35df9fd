import { expect } from 'chai';
import { imagesInValues } from '../../../steps/merge-request/images-in-values.ts';

const repoURL = 'https://gitlab.example.com/shop/charts.git';
const at = (path: string) => ({ repoURL, revision: 'main', path });
const file = (path: string, text: string) => ({ project: 'shop/charts', repoURL, path, text });
const web = { name: 'web', elsewhere: ['example.com/web:2', 'example.com/proxy:7'], valueFiles: [at('values.yaml'), at('prod.yaml')] };

describe('an image in values in Git', () => {
  it('is told where its version is another one than ran, by the last file that has a say', async () => {
    const files = [
      file('values.yaml', 'image: {repository: example.com/web, tag: "1"}\nproxy: {image: "example.com/proxy:6"}\n'),
      file('prod.yaml', 'image: {tag: "2"}\n'),
    ];
    expect(await imagesInValues([web], files)).to.deep.equal([{ name: 'web', repository: 'example.com/proxy', from: '6', to: '7' }]);
    expect(await imagesInValues([web], files.slice(0, 1))).to.have.length(2);
  });

  it('is not told where the template names it, the chart decides, nothing is known, or the file is no YAML', async () => {
    const files = [
      file('values.yaml', 'image: {repository: example.com/web, tag: ""}\nother: {image: "example.com/other:1"}\n'),
      file('prod.yaml', 'a: ['),
    ];
    expect(await imagesInValues([web], files)).to.deep.equal([]);
    const named = [file('values.yaml', 'image: "example.com/web:1"\n')];
    expect(await imagesInValues([{ ...web, elsewhere: [] }], named)).to.deep.equal([]);
    expect(await imagesInValues([web], [])).to.deep.equal([]);
  });
});
