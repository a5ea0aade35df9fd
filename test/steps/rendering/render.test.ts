import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { RenderContext } from '../../../steps/rendering/recover-application.ts';
import { recoveredName } from '../../../steps/rendering/recovered-name.ts';
import { render } from '../../../steps/rendering/render.ts';
import { translateText } from '../../../steps/rendering/translate-text.ts';
import { fixtureContext } from './render-context.ts';

const folder = new URL('fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.includes('.input.'));

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

function contextFor(name: string): RenderContext {
  return fixtureContext(name.includes('.drill.') ? 'drill' : 'recover', name.startsWith('in-cluster') ? 'in-cluster' : 'remote');
}

/** The same context, for templates of the recovery cluster itself. */
function ofTheRecovery({ cluster, projects, applications, sourceTypes, running, translations, ...rest }: RenderContext): RenderContext {
  const renamed = <T>(table: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(table).map(([name, value]) => [recoveredName(name, cluster), value]));
  return {
    ...rest,
    cluster,
    primary: { name: cluster },
    projects: Object.fromEntries(Object.values(projects).map((project) => [project, project])),
    applications: new Set([...applications].map((name) => recoveredName(name, cluster))),
    sourceTypes: renamed(sourceTypes),
    running: renamed(
      Object.fromEntries(
        Object.entries(running).map(([name, { images, liveSources }]) => [
          name,
          { images: images.map((image) => translateText(image, translations)), liveSources },
        ]),
      ),
    ),
    translations,
  };
}

function refusalOf(templates: { path: string; text: string }[]): EksDrError {
  try {
    render(templates, fixtureContext('recover'));
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown;
    throw thrown;
  }
  throw new Error('it was rendered');
}

describe('rendering a recovery', () => {
  for (const name of fixtures) {
    it(`renders ${name.replace('.input', '')} with the smallest difference`, () => {
      const { files } = render([{ path: name, text: read(name) }], contextFor(name));
      expect(files.map(({ path }) => path)).to.deep.equal([name]);
      expect(files[0]?.text).to.equal(read(name.replace('.input.', '.expected.')));
    });
  }

  // A name that was cut to a hash can't be told from any other.
  for (const name of fixtures.filter((one) => !one.startsWith('long-name'))) {
    it(`changes no byte of ${name.replace('.input', '.expected')} when that is rendered once more`, () => {
      const context = contextFor(name);
      const text = read(name.replace('.input.', '.expected.'));
      expect(render([{ path: name, text }], ofTheRecovery(context)).files).to.deep.equal([{ path: name, text }]);
    });
  }

  it('gives the same files each time', () => {
    const templates = fixtures
      .filter((name) => name.startsWith('several') || name.startsWith('no-helm'))
      .map((path) => ({ path, text: read(path) }));
    expect(render(templates, fixtureContext('recover'))).to.deep.equal(render(templates.toReversed(), fixtureContext('recover')));
  });

  it('takes nothing of its own output for a template of the primary', () => {
    const text = read('plain.expected.yaml');
    expect(render([{ path: 'plain.yaml', text }], fixtureContext('recover'))).to.deep.equal({ files: [], services: [] });
  });

  it('writes no file in which nothing is chosen', () => {
    const text = 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: shop\n';
    expect(
      render(
        [
          { path: 'projects.yaml', text },
          { path: 'notes.txt', text: '{{' },
        ],
        fixtureContext('recover'),
      ).files,
    ).to.deep.equal([]);
  });

  it('tells the new name, project and file of each application', () => {
    const { services } = render([{ path: 'a/web.yaml', text: read('plain.input.yaml') }], fixtureContext('drill'));
    expect(services).to.deep.equal([
      {
        name: 'web',
        application: 'web-shop-drill-q4',
        project: 'shop-drill-q4',
        file: 'a/web.yaml',
        template: 'a/web.yaml',
        automated: true,
        moved: [],
        ambiguous: [],
        elsewhere: [],
        valueFiles: [{ repoURL: 'https://gitlab.example.com/shop/charts.git', revision: 'main', path: 'charts/web/values.yaml' }],
        overrideFiles: [],
        overridden: false,
      },
    ]);
  });

  it('puts each application into the folder of its wave, and splits a file whose applications have several', () => {
    const text = ['web', 'api'].map((name) => read('plain.input.yaml').replace('name: web', `name: ${name}`)).join('---\n');
    const whole = render([{ path: 'a/all.yaml', text }], fixtureContext('recover'));
    const folders = new Map([
      ['web', 'wave-2/'],
      ['api', 'wave-1/'],
    ]);
    const { files, services } = render([{ path: 'a/all.yaml', text }], { ...fixtureContext('recover'), folders });
    expect(services.map(({ name, file, template }) => [name, file, template])).to.deep.equal([
      ['web', 'wave-2/a/all.yaml', 'a/all.yaml'],
      ['api', 'wave-1/a/all.yaml', 'a/all.yaml'],
    ]);
    expect(files.map(({ path }) => path)).to.deep.equal(['wave-2/a/all.yaml', 'wave-1/a/all.yaml']);
    expect(files.map((file) => file.text).join('')).to.equal(whole.files[0]?.text);
  });

  it('says which applications nothing syncs by itself', () => {
    const { services } = render([{ path: 'web.yaml', text: read('sources.input.yaml') }], fixtureContext('recover'));
    expect(services.map(({ automated }) => automated)).to.deep.equal([false]);
  });

  it('refuses ApplicationSets, charts, kustomizations, Jsonnet and broken YAML, naming every file', () => {
    const error = refusalOf([
      { path: 'a/sets.yaml', text: 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\n' },
      { path: 'b/Chart.yaml', text: 'name: apps\nversion: 1.0.0\n' },
      { path: 'b/templates/app.yaml', text: 'kind: Application\n{{- range .Values.apps }}\nname: {{ .name }}\n{{- end }}\n' },
      { path: 'c/kustomization.yaml', text: 'resources: [app.yaml]\n' },
      { path: 'd/apps.jsonnet', text: '' },
      { path: 'e/broken.yaml', text: 'kind: [Application\n' },
      { path: 'f/templated.yaml', text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: "{{ .name }}"\n' },
      { path: 'g/fine.yaml', text: read('plain.input.yaml') },
    ]);
    expect(error.code).to.equal('input-invalid');
    for (const path of [
      'a/sets.yaml',
      'b/Chart.yaml',
      'b/templates/app.yaml',
      'c/kustomization.yaml',
      'd/apps.jsonnet',
      'e/broken.yaml',
      'f/templated.yaml',
    ]) {
      expect(error.message).to.include(path);
    }
    expect(error.message).not.to.include('g/fine.yaml');
    expect(error.message).to.include('a/sets.yaml (the ApplicationSet all)').and.to.include('e/broken.yaml (not YAML, line 2');
    // What is generated has another way on than what is broken.
    expect(error.remedy)
      .to.match(/^Set argocd\.generatedApplications: live in the estate/)
      .and.to.include('The other files: Keep plain');
  });

  it('leaves out what generates applications where these come as they are live, and refuses broken YAML all the same', () => {
    const templates = [
      { path: 'a/sets.yaml', text: `${read('plain.input.yaml')}---\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n` },
      { path: 'b/Chart.yaml', text: 'name: apps\nversion: 1.0.0\n' },
      { path: 'b/templates/app.yaml', text: 'kind: Application\n{{- range .Values.apps }}\nname: {{ .name }}\n{{- end }}\n' },
      { path: 'c/kustomization.yaml', text: 'resources: [app.yaml]\n' },
      { path: 'c/app.yaml', text: read('directory-source.input.yaml') },
      { path: 'generated/api.yaml', text: read('values-object.input.yaml').replace(/name: web$/m, 'name: api') },
    ];
    const context = { ...fixtureContext('recover'), generated: 'live' as const };
    expect(render(templates, context).files.map(({ path }) => path)).to.deep.equal(['a/sets.yaml', 'generated/api.yaml']);
    expect(() => render([...templates, { path: 'e/broken.yaml', text: 'kind: [Application\n' }], context)).to.throw('e/broken.yaml');
  });

  it('refuses an application that stands in two files', () => {
    const text = read('plain.input.yaml');
    expect(
      refusalOf([
        { path: 'one.yaml', text },
        { path: 'two.yaml', text },
      ]).message,
    ).to.include('another file');
  });

  it('refuses applications in a List, with the way to write them', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: argoproj.io/v1alpha1\n    kind: Application\n    metadata: {name: web}\n`;
    expect(refusalOf([{ path: 'all.yaml', text }]).message).to.include('all.yaml (a List of objects: write each as a document of its own)');
  });

  it('refuses an application whose copy would write to the same branch of Git', () => {
    const text = read('plain.input.yaml').replace(/source:/, 'sourceHydrator:');
    expect(refusalOf([{ path: 'web.yaml', text }]).message).to.include('web.yaml (the application web uses the source hydrator');
  });

  it('refuses an application outside of the namespace of Argo CD', () => {
    const text = read('plain.input.yaml').replace('namespace: argocd', 'namespace: team-a');
    expect(refusalOf([{ path: 'web.yaml', text }]).message).to.include('stands in the namespace team-a');
  });

  it('refuses an application in an AppProject that could not go to the new cluster', () => {
    const text = read('plain.input.yaml').replace(/project: .*/, 'project: elsewhere');
    expect(refusalOf([{ path: 'one.yaml', text }]).message)
      .to.include('one.yaml')
      .and.to.include('AppProject elsewhere');
  });

  it('refuses to write out a shared value that would read differently', () => {
    const text = read('alias-destination.input.yaml').replace('namespace: web', 'namespace: web\n    version: 1.10');
    const error = refusalOf([{ path: 'web.yaml', text }]);
    expect(error.message).to.include('web.yaml').and.to.include('1.10');
  });

  it('keeps every line that it does not have to change, whatever the values are', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}[a-z0-9]$/);
    const value = fc.oneof(
      word,
      fc.integer().map(String),
      fc.constantFrom('"quoted: text"', "'single'", '{a: 1, b: [x, y]}', '[1, 2]', '~', '&anchored x', '0755', '1.10'),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(word, value), { maxLength: 8, selector: ([key]) => key }),
        fc.constantFrom('\n', '\r\n'),
        (entries, eol) => {
          const values = entries.map(([key, text]) => `        ${key}: ${text}   # ${key}`);
          const lines = [
            'apiVersion: argoproj.io/v1alpha1',
            'kind: Application',
            'metadata:',
            '  name: web',
            'spec:',
            '  project: shop',
            '  destination:',
            '    name: shop-prod',
            '    namespace: web',
            '  source:',
            '    path: charts/web',
            '    helm:',
            '      releaseName: web',
            `      valuesObject:${values.length === 0 ? ' {}' : ''}`,
            ...values,
            '',
          ];
          fc.pre(parseAllDocuments(lines.join(eol)).every(({ errors }) => errors.length === 0));
          const [file] = render([{ path: 'web.yaml', text: lines.join(eol) }], fixtureContext('recover')).files;
          const kept = lines.filter((line) => line !== '  name: web' && line !== '    name: shop-prod');
          const after = file?.text.split(eol) ?? [];
          expect(after.filter((line) => !/^ {2}labels:$|eks-dr\/run|shop-recover-1/.test(line))).to.deep.equal(kept);
        },
      ),
    );
  });

  it('translates words where they stand, and keeps every other byte', () => {
    const word = fc.constantFrom(
      'eu-west-1',
      'eu-west-1a',
      'eu-west-12',
      'web',
      '10',
      'sg-0123456789abcdef0',
      'a:b',
      's3.eu-west-1.example.com',
    );
    const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
    const quoted = fc.oneof(
      words.map((text) => `"${text}"`),
      words.map((text) => `'${text}'`),
      word.filter((text) => text !== '10'),
      words.map((text) => `|\n          ${text}\n          # ${text}`),
      words.map((text) => `>-\n          ${text}\n          ${text}`),
    );
    const entry = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), quoted, fc.constantFrom('', ' # eu-west-1'));
    fc.assert(
      fc.property(fc.uniqueArray(entry, { maxLength: 6, selector: ([key]) => key }), fc.constantFrom('\n', '\r\n'), (entries, eol) => {
        // A comment may follow what stands on one line.
        const lines = entries.flatMap(([key, value, comment]) =>
          `        ${key}: ${value}${value.includes('\n') ? '' : comment}`.split('\n'),
        );
        const head = [
          'apiVersion: argoproj.io/v1alpha1',
          'kind: Application',
          'metadata: {name: web-shop-recover-1, labels: {eks-dr/run: recover-1}}',
          'spec:',
          '  project: shop',
          '  destination: {name: shop-recover-1, namespace: web}',
          '  source:',
          '    path: charts/web',
          '    helm:',
          '      releaseName: web',
          `      valuesObject:${lines.length === 0 ? ' {}' : ''}`,
        ];
        const context = ofTheRecovery(fixtureContext('recover'));
        const [file] = render([{ path: 'web.yaml', text: [...head, ...lines, ''].join(eol) }], context).files;
        const expected = lines.map((line) => {
          const comment = line.indexOf(' # ');
          const text = comment === -1 || /^ +#/.test(line) ? line : line.slice(0, comment);
          return translateText(text, context.translations) + line.slice(text.length);
        });
        expect(file?.text.split(eol)).to.deep.equal([...head, ...expected, '']);
      }),
    );
  });
});
