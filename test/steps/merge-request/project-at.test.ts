import { expect } from 'chai';
import { projectAt } from '../../../steps/merge-request/project-at.ts';

describe('the project of a repository’s address', () => {
  for (const address of [
    'https://gitlab.example.com/platform/apps.git',
    'https://bot:secret@gitlab.example.com/platform/apps',
    'git@gitlab.example.com:platform/apps.git',
    'ssh://git@gitlab.example.com:2222/platform/apps.git',
    'https://gitlab.example.com:8443/platform/apps/',
  ]) {
    it(`is found by ${address}`, () => {
      expect(projectAt(address, 'https://gitlab.example.com:8443')).to.equal('platform/apps');
    });
  }

  it('is none where it lies on another host', () => {
    expect(projectAt('https://github.com/platform/apps.git', 'https://gitlab.example.com')).to.equal(null);
    expect(projectAt('oci://gitlab.example.com/charts', 'https://gitlab.example.com')).to.equal(null);
  });
});
