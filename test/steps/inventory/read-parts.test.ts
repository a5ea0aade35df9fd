import { expect } from 'chai';
import { applicationNames } from '../../../steps/inventory/application-names.ts';
import { readApplications, tierOf } from '../../../steps/inventory/parts/applications.ts';
import { readTemplates } from '../../../steps/inventory/parts/templates.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';

const primary = { name: 'shop-prod' };

const application = (name: string, destination: string, project = 'shop'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\nspec:\n  project: ${project}\n  destination:\n    ${destination}\n`;

describe('reading the parts of the inventory', () => {
  describe('from templates', () => {
    it('finds every application on the primary in a file, whatever stands beside it', () => {
      const text = [
        application('cart', 'name: shop-prod'),
        'kind: ConfigMap\nmetadata:\n  name: x\n',
        application('other', 'name: staging'),
        application('pay', '{name: shop-prod, namespace: pay}'),
      ].join('---\n');
      expect(applicationNames(text, primary)).to.deep.equal(['cart', 'pay']);
    });

    it('matches the primary by its server too, with or without a final slash', () => {
      expect(applicationNames(application('cart', 'server: https://primary/'), { server: 'https://primary' })).to.deep.equal(['cart']);
    });

    it('finds nothing in what is no YAML, such as the template of a chart', () => {
      expect(applicationNames('{{- if .Values.on }}\nkind: Application\n{{ end }}', primary)).to.deep.equal([]);
      expect(applicationNames('a: *nowhere', primary)).to.deep.equal([]);
      expect(applicationNames('', primary)).to.deep.equal([]);
    });

    const { gitlab, argocd } = estateWith();
    const estate = { argocd, gitlab: { ...gitlab, templates: 'apps/' }, primary: { ...estateWith().primary, argocdDestination: primary } };

    const nothingKnown = { archive: async () => new Map<string, Uint8Array>(), knowContent: () => undefined, knows: () => false };

    it('maps each application to its file at one commit', async () => {
      const asked: string[] = [];
      const parts = await readTemplates(
        {
          ...nothingKnown,
          branch: async () => ({ name: 'main', protected: true, can_push: false, commit: { id: 'c0ffee', message: '' } }),
          tree: async (_project, ref, folder) => {
            asked.push(ref, folder);
            return ['apps/a.yaml', 'apps/b.yml', 'apps/readme.md', 'apps/dir'].map((path) => ({
              id: path,
              path,
              type: path === 'apps/dir' ? 'tree' : 'blob',
              mode: '',
            }));
          },
          blob: async (_project, id) => application(id === 'apps/a.yaml' ? 'cart' : 'pay', 'name: shop-prod'),
        },
        estate,
      );
      expect(parts).to.deep.include({ folder: 'apps', commit: 'c0ffee', files: { cart: 'apps/a.yaml', pay: 'apps/b.yml' } });
      expect(asked).to.deep.equal(['c0ffee', 'apps']);
    });

    it('says which branch or folder GitLab does not know', async () => {
      const branch = async () => ({ name: 'main', protected: true, can_push: false, commit: { id: 'c0ffee', message: '' } });
      await failure(
        'remote-refused',
        readTemplates({ ...nothingKnown, branch: async () => null, tree: async () => null, blob: async () => '' }, estate),
      );
      const error = await failure(
        'remote-refused',
        readTemplates({ ...nothingKnown, branch, tree: async () => null, blob: async () => '' }, estate),
      );
      expect(error.message).to.contain('the folder apps');
    });
  });

  describe('from Argo CD', () => {
    it('keeps the applications of our projects on the primary, in order, each with its tier, but those that only make others', async () => {
      const metadata = (name: string, labels: Record<string, string> = {}) => ({
        name,
        namespace: 'argocd',
        labels,
        annotations: {},
        resourceVersion: '1',
        finalizers: [],
      });
      const estate = {
        ...estateWith(),
        primary: { ...estateWith().primary, argocdDestination: primary },
        argocd: { ...estateWith().argocd, projects: ['shop'] },
        services: {
          ...estateWith().services,
          tierLabel: 'tier',
          tiers: [
            { name: 'critical', require: 'all' as const },
            { name: 'rest', require: 'all' as const },
          ],
        },
      };
      const parts = await readApplications(
        {
          listClusters: async () => [],
          listApplications: async () => [
            {
              metadata: metadata('pay', { tier: 'critical' }),
              spec: {
                project: 'shop',
                destination: { name: 'shop-prod', namespace: 'pay' },
                sources: [
                  { helm: { parameters: [{ name: 'image.tag', value: '1' }] } },
                  { kustomize: { images: ['web=registry.example.com/pay:1'] } },
                ],
              },
              status: { summary: { images: ['registry.example.com/proxy:2', 'registry.example.com/pay:1'] } },
            },
            { metadata: metadata('cart'), spec: { project: 'shop', destination: { name: 'shop-prod' } } },
            { metadata: metadata('elsewhere'), spec: { project: 'shop', destination: { name: 'staging' } } },
            { metadata: metadata('foreign'), spec: { project: 'other', destination: { name: 'shop-prod' } } },
            {
              metadata: metadata('apps'),
              spec: { project: 'shop', destination: { name: 'shop-prod' } },
              status: { resources: ['Application', 'ApplicationSet'].map((kind) => ({ group: 'argoproj.io', kind, name: kind })) },
            },
          ],
        },
        estate,
      );
      expect(parts.applications).to.deep.equal([
        { name: 'cart', project: 'shop', namespace: '', tier: 'rest', images: [], liveSources: [{ parameters: {}, kustomizeImages: [] }] },
        {
          name: 'pay',
          project: 'shop',
          namespace: 'pay',
          tier: 'critical',
          images: ['registry.example.com/pay:1', 'registry.example.com/proxy:2'],
          liveSources: [
            { parameters: { 'image.tag': '1' }, kustomizeImages: [] },
            { parameters: {}, kustomizeImages: ['web=registry.example.com/pay:1'] },
          ],
        },
      ]);
    });

    it('counts a service of an unknown tier to the least critical one', () => {
      const services = estateWith().services;
      expect(tierOf({ [services.tierLabel]: 'unheard-of' }, services)).to.equal(services.tiers.at(-1)?.name);
    });
  });
});
