import { RUN_LABEL } from '../../../../steps/naming.ts';
import { argocdApplication, argocdApplicationAlone } from '../../../../steps/resources/argocd-application.ts';
import { argocdAutomatedSync } from '../../../../steps/resources/argocd-automated-sync.ts';
import { argocdCluster } from '../../../../steps/resources/argocd-cluster.ts';
import { argocdProject } from '../../../../steps/resources/argocd-project.ts';
import { argocdProjectDestination } from '../../../../steps/resources/argocd-project-destination.ts';
import { argocdReconciliation } from '../../../../steps/resources/argocd-reconciliation.ts';
import { argocdSync } from '../../../../steps/resources/argocd-sync.ts';
import { accepted, configMap, newApplication, newPlace } from '../../argocd/things.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

const application: LawCase = {
  driver: argocdApplication,
  referees: ['argocd'],
  async arrange({ argocd, run }) {
    const place = await newPlace(argocd, { 'app/one.yaml': configMap('one'), 'other/two.yaml': configMap('two') });
    const spec = (path: string, rest: object = {}) => ({
      project: 'default',
      source: { repoURL: place.repository.url, path, targetRevision: 'main', ...rest },
      destination: { name: argocd.destination.name, namespace: place.namespace },
    });
    const recursive = { directory: { recurse: true } };
    return [
      {
        id: { name: place.name },
        states: [
          {
            desired: { run, spec: spec('app', recursive) },
            spellings: [{ run, spec: { ...spec('app', { directory: { recurse: true, jsonnet: {} } }), info: [] } }],
          },
          { desired: { run, spec: { ...spec('other'), syncPolicy: { syncOptions: ['CreateNamespace=true'] }, revisionHistoryLimit: 3 } } },
          // How it syncs by itself is another driver's.
          {
            desired: { run, spec: spec('other') },
            spellings: [{ run, spec: { ...spec('other'), syncPolicy: { automated: { prune: true } } } }],
          },
          { desired: { run: null, spec: spec('other') } },
          { desired: { run, spec: spec('app') } },
        ],
      },
    ];
  },
};

const alone: LawCase = {
  driver: argocdApplicationAlone,
  referees: ['argocd'],
  async arrange(world) {
    const { name } = await ownApplication(world);
    return [{ id: { name }, states: [{ desired: null }], oneWay: 'bug' }];
  },
};

const automatedSync: LawCase = {
  driver: argocdAutomatedSync,
  referees: ['argocd'],
  async arrange(world) {
    const { name } = await ownApplication(world);
    const states = [
      { prune: true, selfHeal: false },
      { prune: false, selfHeal: false },
      { prune: true, selfHeal: true },
    ];
    return [{ id: { application: name }, states: states.map((desired) => ({ desired })) }];
  },
};

const reconciliation: LawCase = {
  driver: argocdReconciliation,
  referees: ['argocd'],
  async arrange(world) {
    const { name } = await ownApplication(world);
    return [{ id: { application: name }, states: ['true', 'false', 'true'].map((skipReconcile) => ({ desired: { skipReconcile } })) }];
  },
};

const sync: LawCase = {
  driver: argocdSync,
  referees: ['argocd'],
  async arrange(world) {
    const { name } = await ownApplication(world);
    return [{ id: { application: name, after: '' }, states: [{ desired: { started: true } }], oneWay: 'conflict' }];
  },
};

const cluster: LawCase = {
  driver: argocdCluster,
  referees: ['argocd'],
  async arrange({ newRegistration, run }) {
    const { servers, ca, authentication } = await newRegistration();
    const [server, another] = servers;
    // Any region's STS will do for a login.
    const elsewhere = { ...authentication, region: 'us-east-1' };
    const pem = Buffer.from(ca, 'base64').toString();
    const twice = Buffer.from(`${pem.trim()}\n${pem}`).toString('base64');
    return [
      {
        id: { name: unique('law') },
        states: [
          { desired: { server, ca, authentication, run } },
          { desired: { server, ca, authentication: elsewhere, run } },
          { desired: { server: another, ca: twice, authentication, run } },
          { desired: { server: another, ca, authentication, run: null } },
          { desired: { server, ca, authentication, run } },
        ],
      },
    ];
  },
};

const project: LawCase = {
  driver: argocdProject,
  referees: ['argocd'],
  async arrange({ argocd, run }) {
    const { server } = argocd.destination;
    const spec = { sourceRepos: ['*'], destinations: [{ server, namespace: '*' }] };
    return [
      {
        id: { name: unique('law') },
        states: [
          { desired: { run, spec }, spellings: [{ run, spec: { ...spec, description: '', roles: [], clusterResourceWhitelist: null } }] },
          { desired: { run, spec: { ...spec, description: 'changed', clusterResourceWhitelist: [{ group: '*', kind: 'Namespace' }] } } },
          { desired: { run: null, spec: { ...spec, destinations: [{ server, namespace: 'shop' }] } } },
          { desired: { run, spec } },
        ],
      },
    ];
  },
};

const projectDestination: LawCase = {
  driver: argocdProjectDestination,
  referees: ['argocd'],
  async arrange({ argocd, run }) {
    const name = unique('law');
    const spec = { sourceRepos: ['*'], destinations: [{ server: 'https://kept.example.com', namespace: '*' }] };
    const project = { metadata: { name, labels: { [RUN_LABEL]: run } }, spec };
    accepted(await argocd.call('POST', '/api/v1/projects', { body: { project } }));
    const states = ['https://one.example.com', 'https://two.example.com'].map((server) => ({ desired: { server } }));
    return ['*', 'shop'].map((namespace) => ({ id: { project: name, cluster: 'shop-dr', namespace }, states }));
  },
};

function ownApplication({ argocd, run }: LawWorld) {
  return newApplication(argocd, { metadata: { labels: { [RUN_LABEL]: run } } });
}

export const argocdCases: readonly LawCase[] = [
  application,
  alone,
  automatedSync,
  reconciliation,
  sync,
  cluster,
  project,
  projectDestination,
];
