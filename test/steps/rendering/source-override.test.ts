import { expect } from 'chai';
import { render } from '../../../steps/rendering/render.ts';
import { overrideFile, withOverride } from '../../../steps/rendering/source-override.ts';
import { fixtureContext } from './render-context.ts';

const REPO = 'https://gitlab.example.com/shop/charts.git';

describe('what Git overrides for one application', () => {
  it('stands beside its manifests, under its name', () => {
    expect(overrideFile({ repoURL: REPO, path: './charts/web', targetRevision: 'v1' }, 'web')).to.deep.equal({
      repoURL: REPO,
      revision: 'v1',
      path: 'charts/web/.argocd-source-web.yaml',
    });
    expect(overrideFile({ repoURL: 'https://charts.example.com', chart: 'web' }, 'web')).to.equal(null);
    expect(overrideFile({ repoURL: REPO, ref: 'values' }, 'web')).to.equal(null);
  });

  it('goes on top of the source as a merge patch, which can’t move it elsewhere', () => {
    const source = {
      repoURL: REPO,
      path: 'charts/web',
      helm: { valueFiles: ['a.yaml'], parameters: [{ name: 'a', value: '1' }], skipCrds: true },
    };
    const override = {
      path: 'elsewhere',
      helm: { parameters: [{ name: 'image.tag', value: '2' }], skipCrds: null },
      kustomize: { images: ['web:2'] },
    };
    expect(withOverride(source, override)).to.deep.equal({
      repoURL: REPO,
      path: 'charts/web',
      helm: { valueFiles: ['a.yaml'], parameters: [{ name: 'image.tag', value: '2' }] },
      kustomize: { images: ['web:2'] },
    });
  });

  it('is written into the recovered application, whose name is another', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  project: shop
  destination: {name: shop-prod, namespace: web}
  source:
    repoURL: ${REPO}
    path: overlays/prod # by hand
`;
    const overrides = { web: [{ kustomize: { images: ['registry.example.com/web:7'] } }] };
    const { files, services } = render([{ path: 'web.yaml', text }], { ...fixtureContext('recover'), overrides });
    expect(files[0]?.text).to.include('    kustomize:\n      images:\n        - registry.example.com/web:7\n').and.to.include('# by hand');
    expect(services.map(({ overridden }) => overridden)).to.deep.equal([true]);
  });
});
