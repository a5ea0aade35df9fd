import { expect } from 'chai';
import { argoApplication, argoProject, argoRepository } from '../../../steps/clients/argocd-shapes.ts';
import { deliveryFindings } from '../../../steps/inventory/delivery-findings.ts';
import { readDelivery } from '../../../steps/inventory/parts/delivery.ts';
import { estateWith } from '../context.ts';

const application = (name: string, automated: object | null, project: string, requiresPruning = false) =>
  argoApplication.parse({
    metadata: { name },
    spec: { destination: {}, syncPolicy: automated === null ? null : { automated } },
    status: { resources: [{ group: 'argoproj.io', kind: 'AppProject', name: project, requiresPruning }] },
  });
const project = (name: string) =>
  argoProject.parse({ metadata: { name }, spec: { destinations: [{ server: 'https://a', namespace: '*' }] } });

const read = () =>
  readDelivery({
    listProjects: async () => ['payments', 'catalog', 'default', 'logistics'].map(project),
    listRepositories: async () => [
      argoRepository.parse({
        repo: 'https://bot:hunter2@git.example.com/a.git',
        connectionState: { status: 'Failed', message: 'no access' },
      }),
      argoRepository.parse({ repo: 'oci://charts.example.com', type: 'helm', name: 'charts', connectionState: { status: 'Successful' } }),
    ],
    listApplications: async () => [
      application('bootstrap', { selfHeal: true }, 'payments'),
      application('by-hand', null, 'catalog'),
      application('paused', { selfHeal: true, enabled: false }, 'logistics'),
      application('left', { selfHeal: true }, 'default', true),
    ],
  });

describe('the projects and repositories of Argo CD', () => {
  it('come with who manages a project, and whether that one takes changes back', async () => {
    const { projects } = await read();
    expect(projects.map(({ name, managedBy }) => [name, managedBy])).to.deep.equal([
      ['catalog', { application: 'by-hand', selfHeals: false }],
      ['default', null],
      ['logistics', { application: 'paused', selfHeals: false }],
      ['payments', { application: 'bootstrap', selfHeals: true }],
    ]);
    expect(projects[0]?.destinations).to.deep.equal([{ name: '', server: 'https://a', namespace: '*' }]);
  });

  it('come without the password that someone wrote into an address', async () => {
    const { repositories } = await read();
    expect(repositories.map(({ url, type }) => `${type} ${url}`)).to.deep.equal([
      'git https://git.example.com/a.git',
      'helm oci://charts.example.com',
    ]);
  });

  it('are told of in preflight where they would be in the way', async () => {
    const told = async (mode: 'drill' | 'recover') =>
      deliveryFindings({ delivery: await read() }, estateWith(), mode).map(
        ({ severity, check, message }) => `${severity} ${check}: ${message}`,
      );
    const repository = 'warning repositories-reachable: Argo CD does not reach the repository https://git.example.com/a.git: no access';
    const healed =
      'project-self-heals: The AppProject payments is managed by the application bootstrap, which heals itself: the destination that a recovery adds would be taken back.';
    expect(await told('recover')).to.deep.equal([`warning ${healed}`, repository]);
    expect(await told('drill')).to.deep.equal([`note ${healed}`, repository]);
    expect(deliveryFindings({ delivery: null }, estateWith(), 'recover')).to.deep.equal([]);
  });
});
