import { expect } from 'chai';
import { valueFilesOf } from '../../../steps/rendering/value-files.ts';

const REPO = 'https://gitlab.example.com/platform/apps.git';

describe('the files of values that an application takes from Git', () => {
  it('are those of its chart: the chart’s own, and those that it names', () => {
    const source = {
      repoURL: REPO,
      path: 'charts/web',
      targetRevision: 'v1',
      helm: { valueFiles: ['values-prod.yaml', '../common.yaml', '/all.yaml'] },
    };
    expect(valueFilesOf({ spec: { source } })).to.deep.equal(
      ['charts/web/values.yaml', 'charts/web/values-prod.yaml', 'charts/common.yaml', 'all.yaml'].map((path) => ({
        repoURL: REPO,
        revision: 'v1',
        path,
      })),
    );
  });

  it('may lie in another source, by its name', () => {
    const sources = [
      {
        repoURL: 'https://charts.example.com',
        chart: 'web',
        targetRevision: '1.0',
        helm: { valueFiles: ['$values/web/prod.yaml', 'in-the-chart.yaml'] },
      },
      { repoURL: REPO, ref: 'values' },
    ];
    expect(valueFilesOf({ spec: { sources } })).to.deep.equal([{ repoURL: REPO, revision: 'HEAD', path: 'web/prod.yaml' }]);
  });

  it('are none where there is no Helm, nor by a web address or an unknown name', () => {
    expect(valueFilesOf({ spec: { source: { repoURL: REPO, path: 'manifests' } } })).to.deep.equal([]);
    const helm = { valueFiles: ['https://example.com/values.yaml', '$nowhere/values.yaml'] };
    expect(valueFilesOf({ spec: { source: { repoURL: 'https://charts.example.com', chart: 'web', helm } } })).to.deep.equal([]);
    expect(valueFilesOf({})).to.deep.equal([]);
  });
});
