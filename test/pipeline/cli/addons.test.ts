import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { parse, parseAllDocuments } from 'yaml';
import { runCli } from '../../../pipeline/cli/main.ts';
import { type AddonName, charts } from '../../../steps/addons/charts.ts';
import { steps } from '../../../steps/index.ts';
import { recoveryClusterName } from '../../../steps/naming.ts';
import { estateWith } from '../../steps/context.ts';
import { exampleFile, exampleWith } from '../estate/example.ts';

interface Shown {
  readonly name: string;
  readonly step: string;
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: Record<string, unknown>;
  readonly changed: readonly { readonly path: readonly string[]; readonly ours?: unknown }[] | null;
}

describe('eks-dr addons', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eks-dr-addons-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function cli(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const rest = { stdin: new PassThrough(), stepsFolder: '/nowhere', steps, user: 'ann', version: '1.2.3' };
    const status = await runCli(['addons', ...args], { stdout, stderr, environment, ...rest });
    const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
    return { status, out: text(stdout), err: text(stderr) };
  }

  async function shown(args: readonly string[] = [], environment?: NodeJS.ProcessEnv): Promise<string> {
    const { status, out, err } = await cli(args.includes('--estate') ? args : ['--estate', exampleFile, ...args], environment);
    expect(status, err).to.equal(0);
    return out;
  }

  const listed = async (args: readonly string[] = [], environment?: NodeJS.ProcessEnv) =>
    JSON.parse(await shown([...args, '--json'], environment)) as Shown[];

  async function one(name: string, args: readonly string[] = [], environment?: NodeJS.ProcessEnv): Promise<Shown> {
    const [addon, ...others] = await listed(['--only', name, ...args], environment);
    expect(others).to.deep.equal([]);
    if (addon === undefined) throw new Error(`${name} was not shown`);
    return addon;
  }

  async function estateFile(...replacements: readonly (readonly [string, string])[]): Promise<readonly string[]> {
    const file = join(folder, 'eks-dr.yaml');
    await writeFile(file, exampleWith(...replacements));
    return ['--estate', file];
  }

  it('lists each add-on of the estate with its chart and the step that installs it, in the order of the steps', async () => {
    const all = await listed();
    expect(all.map(({ name, step }) => `${step}: ${name}`)).to.deep.equal([
      'install-load-balancer-controller: aws-load-balancer-controller',
      'deploy-karpenter: karpenter-crd',
      'deploy-karpenter: karpenter',
      'install-vault-injector: vault-agent-injector',
      'install-istio: istio-base',
      'install-istio: istiod',
      'install-istio: istio-ingress',
      'install-addons: metrics-server',
    ]);
    for (const { name, chart, repository, version } of all.slice(0, -1))
      expect({ chart, repository, version }).to.deep.equal(charts[name as AddonName]);
    expect(all.at(-1)).to.include({ chart: 'metrics-server', version: '3.13.0', namespace: 'kube-system', changed: null });
  });

  it('shows what only the new cluster knows as placeholders, and says what they stand for', async () => {
    const text = await shown(['--only', 'karpenter']);
    expect(parse(text)).to.deep.include({
      replicas: '<replicas>',
      settings: { clusterName: 'shop-<run>', clusterEndpoint: '<endpoint>', interruptionQueue: '<interruption-queue>' },
    });
    expect(text).to.match(/^# {3}<endpoint> +the address of its API server$/m);
    expect(text).not.to.contain('<vpc-id>');
  });

  it('names the cluster as a run would', async () => {
    const { values } = await one('aws-load-balancer-controller');
    expect(values.clusterName).to.equal(recoveryClusterName(estateWith(), { id: '<run>' }));
  });

  it('takes the region of the target, and where Vault is from the environment as the steps do', async () => {
    expect((await one('aws-load-balancer-controller')).values.region).to.equal('eu-central-1');
    expect((await one('aws-load-balancer-controller', ['--target', 'beside'])).values.region).to.equal('eu-west-1');
    const injector = (await one('vault-agent-injector', [], { VAULT_ADDR: 'https://vault.other.example.com/' })).values;
    expect(injector).to.have.nested.property('global.externalVaultAddr', 'https://vault.other.example.com');
    expect(injector).to.have.nested.property('injector.authPath', 'auth/kubernetes-shop-<run>');
  });

  describe('of an estate that says more', () => {
    let estate: readonly string[];
    before(async () => {
      estate = await estateFile(
        [
          'identity: pod-identity\n',
          `identity: irsa
    version: 3.5.1
    values:
      replicaCount: 3
      vpcId: null
      podLabels: {}
      tolerations:
        - operator: Exists
      serviceAccount:
        automountServiceAccountToken: true
`,
        ],
        ['failurePolicy: Fail', 'failurePolicy: Ignore'],
      );
    });

    it('merges its values over ours, and the YAML says the same as the JSON', async () => {
      const { values } = await one('aws-load-balancer-controller', estate);
      expect(values).to.deep.equal({
        clusterName: 'shop-<run>',
        region: 'eu-central-1',
        vpcId: null,
        replicaCount: 3,
        podLabels: {},
        tolerations: [{ operator: 'Exists' }],
        serviceAccount: {
          create: true,
          name: 'aws-load-balancer-controller',
          annotations: { 'eks.amazonaws.com/role-arn': '<role-arn>' },
          automountServiceAccountToken: true,
        },
      });
      const documents = parseAllDocuments(await shown(estate)) as { toJS(): unknown }[];
      expect(documents.map((document) => document.toJS())).to.deep.equal((await listed(estate)).map((addon) => addon.values));
    });

    it('marks each line that it changed, with what we would have taken, and no other', async () => {
      const text = await shown([...estate, '--only', 'aws-load-balancer-controller']);
      const marked = text
        .split('\n')
        .filter((line, index, lines) => line.includes('from the estate') || lines[index - 1] === '# from the estate');
      expect(marked).to.deep.equal([
        '#   chart       aws-load-balancer-controller 3.5.1 (from the estate, instead of 3.5.0)',
        'vpcId: null # from the estate, instead of <vpc-id>',
        'replicaCount: 3 # from the estate, instead of 2',
        '    eks.amazonaws.com/role-arn: <role-arn> # from the estate',
        '  automountServiceAccountToken: true # from the estate',
        '# from the estate',
        'podLabels: {}',
        '  - operator: Exists # from the estate',
      ]);
    });

    it('counts as changed what its other fields make of the values, too', async () => {
      const { changed } = await one('vault-agent-injector', estate);
      expect(changed).to.deep.equal([{ path: ['injector', 'webhook', 'failurePolicy'], ours: 'Fail' }]);
    });
  });

  it('puts further add-ons after those that they come after', async () => {
    const estate = await estateFile([
      '    - name: metrics-server\n',
      `    - name: issuers
      namespace: cert-manager
      repository: https://charts.example.com
      chart: issuers
      version: 1.0.0
      after: [metrics-server]
    - name: metrics-server
`,
    ]);
    expect((await listed(estate)).slice(-2).map(({ name }) => name)).to.deep.equal(['metrics-server', 'issuers']);
  });

  it('says so where the estate has none', async () => {
    const text = exampleWith();
    const file = join(folder, 'none.yaml');
    await writeFile(file, text.slice(0, text.indexOf('\naddons:')) + text.slice(text.indexOf('\n# What runs on the primary.')));
    const { status, out, err } = await cli(['--estate', file]);
    expect({ status, out }).to.deep.equal({ status: 0, out: '' });
    expect(err).to.contain('names none under addons');
    expect(await listed(['--estate', file])).to.deep.equal([]);
  });

  const mistakes: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
    ['a name with a slip, with the nearest one', ['--only', 'istoid'], /no add-on "istoid" \(did you mean "istiod"\?\)/],
    [
      'a name like none, with all that there are',
      ['--only', 'grafana'],
      /no add-on "grafana" \(its add-ons: aws-load-balancer-controller, /,
    ],
    ['an unknown target', ['--target', 'frankfrut'], /--target is "frankfrut", .*did you mean "frankfurt"\?/],
  ];
  for (const [what, args, says] of mistakes) {
    it(`refuses ${what}`, async () => {
      const { status, out, err } = await cli(['--estate', exampleFile, ...args]);
      expect(err).to.match(says);
      expect({ status, out }).to.deep.equal({ status: 2, out: '' });
    });
  }
});
