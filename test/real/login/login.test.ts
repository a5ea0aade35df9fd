import { mock } from 'node:test';
import { EKS } from '@aws-sdk/client-eks';
import { STS } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { createEksTokens } from '../../../steps/clients/eks-token.ts';
import { connectKubernetes, type Kubernetes } from '../../../steps/clients/kubernetes.ts';
import { connectHttp } from '../../../steps/clients/kubernetes-http.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { createRateLimiter } from '../../../steps/kit/rate-limit.ts';
import type { Opened } from '../../contract/contract.ts';
import { type EksLogin, newEntry, newSession, realLogin, type Session, sessionWithEntry } from '../../contract/eks-login/subject.ts';
import { unique } from '../../contract/unique.ts';
import { failure } from '../../failure.ts';
import { runningServers } from '../servers/running.ts';
import { ensureEksCluster } from './eks-cluster.ts';

const MINUTE = 60_000;
const POD_LIST = { apiVersion: 'v1', kind: 'Pod' };
// The client waits and asks again when a login is refused.
const clock = createClock(100, Date.now());
const { signal } = new AbortController();

describe('login of our client at a real API server, whose webhook asks an STS that verifies signatures', () => {
  let opened: Opened<EksLogin> | null = null;
  let login: EksLogin;

  before(async function () {
    const running = await runningServers();
    opened = running === null ? null : await realLogin(running);
    if (opened === null) {
      process.stderr.write('skipped: login for real needs kubernetes and ministackAuth: npm run servers -- up.\n');
      this.skip();
    }
    login = opened.subject;
  });
  after(() => opened?.close());
  afterEach(() => mock.timers.reset());

  /** As a step connects; only address and CA, of which the ministack knows nothing, are put into what EKS answers. */
  function connect({ credentials }: Pick<Session, 'credentials'>, cluster = login.cluster): Promise<Kubernetes> {
    const { region, api } = login;
    const eks = new EKS(login.config({ region }));
    eks.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const certificateAuthority = { data: Buffer.from(api.ca).toString('base64') };
        if ('cluster' in answer.output) Object.assign(answer.output.cluster ?? {}, { endpoint: api.url, certificateAuthority });
        return answer;
      },
      { step: 'initialize' },
    );
    const sts = new STS(login.config({ region, credentials }));
    return connectKubernetes({ region, cluster }, { eks, sts, clock, signal });
  }

  async function userOf(kubernetes: Kubernetes): Promise<{ username: string; groups: string[] }> {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: { name: '' } };
    const { status } = await kubernetes.create(review);
    return (status as { userInfo: { username: string; groups: string[] } }).userInfo;
  }

  async function askWith(token: () => Promise<string>): Promise<unknown> {
    const limiter = createRateLimiter(clock, { perSecond: 40, burst: 80 });
    const send = await connectHttp({ endpoint: login.api.url, ca: login.api.ca, token, clock, signal, limiter });
    return send({ method: 'GET', path: '/api/v1' });
  }

  function tokensOf({ credentials }: Session): () => Promise<string> {
    return createEksTokens({ region: login.region, cluster: login.cluster, credentials: async () => credentials });
  }

  it('lets in an assumed role with an access entry, which may do what its policy says', async () => {
    const session = await sessionWithEntry(login, { policy: 'AmazonEKSClusterAdminPolicy' });
    const kubernetes = await connect(session);
    expect((await userOf(kubernetes)).username).to.equal(session.arn);
    const name = unique('login');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await kubernetes.apply(namespace, { fieldManager: 'eks-dr' });
    expect((await kubernetes.get({ apiVersion: 'v1', kind: 'Namespace', name }))?.metadata.name).to.equal(name);
    const another = { uid: '00000000-0000-4000-8000-000000000000' };
    await failure('conflict', kubernetes.delete({ apiVersion: 'v1', kind: 'Namespace', name }, another));
    await kubernetes.delete({ apiVersion: 'v1', kind: 'Namespace', name });
  });

  it('knows the role by the name and the groups that its entry gives it', async () => {
    const session = await newSession(login, 'night');
    await newEntry(login, session, { username: 'recovery:{{SessionName}}', kubernetesGroups: ['recoverers'] });
    const { username, groups } = await userOf(await connect(session));
    expect(username).to.equal('recovery:night');
    expect(groups).to.include('recoverers');
  });

  it('refuses what a view policy may not do as a missing permission', async () => {
    const kubernetes = await connect(await sessionWithEntry(login, { policy: 'AmazonEKSViewPolicy' }));
    expect(await kubernetes.list(POD_LIST, { namespace: 'default' })).to.be.an('array');
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: unique('login'), namespace: 'default' } };
    for (const work of [kubernetes.create(configMap), kubernetes.apply(configMap, { fieldManager: 'eks-dr' })]) {
      const error = await failure('permission-denied', work);
      expect(error.category).to.equal('permission');
      expect(error.message).to.contain('forbidden');
    }
  });

  it('refuses a role without an access entry', async () => {
    const kubernetes = await connect(await newSession(login));
    const error = await failure('login-refused', kubernetes.list(POD_LIST));
    expect(error.category).to.equal('permission');
    expect(error.remedy).to.contain('access entry');
  });

  it('refuses a token for another cluster', async () => {
    const session = await sessionWithEntry(login, { policy: 'AmazonEKSViewPolicy' });
    const another = 'shop-primary';
    await ensureEksCluster(login.config({ region: login.region }), another);
    await failure('login-refused', (await connect(session, another)).list(POD_LIST));
  });

  it('refuses a token signed with another secret', async () => {
    const { credentials, ...session } = await sessionWithEntry(login, { policy: 'AmazonEKSViewPolicy' });
    const forged = { ...session, credentials: { ...credentials, secretAccessKey: 'another' } };
    await failure('login-refused', (await connect(forged)).list(POD_LIST));
  });

  it('refuses a token of more than 15 minutes ago, of which ours are renewed before', async () => {
    const session = await sessionWithEntry(login);
    mock.timers.enable({ apis: ['Date'], now: Date.now() - 16 * MINUTE });
    const tokens = tokensOf(session);
    const old = await tokens();
    mock.timers.reset();
    await failure(
      'login-refused',
      askWith(async () => old),
    );
    expect(await askWith(tokens)).to.have.property('kind', 'APIResourceList');
  });
});
