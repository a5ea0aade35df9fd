import { expect } from 'chai';
import { imageParameters, runningImages } from '../../../steps/rendering/running-images.ts';

describe('the images that ran', () => {
  it('are found by their repository, whichever way it is written', () => {
    const running = runningImages({ images: ['nginx:1.27', 'registry.example.com/web:1', 'registry.example.com/web:2', 'no-version'] });
    expect(running('docker.io/library/nginx').map(({ tag }) => tag)).to.deep.equal(['1.27']);
    expect(running('registry.example.com/web').map(({ tag }) => tag)).to.deep.equal(['1', '2']);
    expect(running('no-version')).to.deep.equal([]);
    expect(running('elsewhere')).to.deep.equal([]);
  });
});

describe('the parameters that set an image', () => {
  it('are its repository, the whole of it, and its tag by its name', () => {
    const parameters = [
      ['image.repository', 'registry.example.com/web'],
      ['image.tag', '3'],
      ['sidecar.image', 'registry.example.com/web:9'],
      ['replicaCount', '3'],
      ['database.password', 'hunter2'],
    ] as const;
    expect(Object.keys(imageParameters(parameters, ['registry.example.com/web:3']))).to.deep.equal([
      'image.repository',
      'image.tag',
      'sidecar.image',
    ]);
  });
});
