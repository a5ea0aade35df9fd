import { expect } from 'chai';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { steps } from '../../steps/index.ts';
import { type PreflightFinding, preflight } from '../../steps/preflight.ts';
import { takeInventory } from '../../steps/take-inventory.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';

describe('preflight over all steps', function () {
  this.timeout(60_000);
  let remote: FullRemote;

  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
  });
  after(() => remote.stop());

  const check = async (estate: Estate, environment: NodeJS.ProcessEnv = {}): Promise<readonly PreflightFinding[]> => {
    const run = runWith();
    const healthy = remote.clients({ estate: estateWith(), run });
    const inventory = await takeInventory.finish(contextOf({ clients: healthy } as never, { needs: {}, estate: estateWith(), run }));
    const clients = remote.clients({ estate, run, environment });
    return (
      await preflight.finish({ ...contextOf({ clients } as never, { needs: { inventory }, estate, run }), allSteps: async () => steps })
    ).findings;
  };

  it('lets a drill of the example estate begin', async () => {
    const findings = await check(estateWith({ namespaces: { ...estateWith().namespaces, newRelic: undefined } }));
    expect(findings.filter(({ severity }) => severity === 'blocker')).to.deep.equal([]);
  });

  it('finds everything that is wrong at once', async () => {
    const { terraform, primary } = estateWith();
    const estate = estateWith({
      terraform: { ...terraform, backend: { ...terraform.backend, region: primary.region, bucket: 'nowhere' } },
      gitlab: { ...estateWith().gitlab, project: 'shop/nowhere' },
    });
    const error = await failure('preflight-blocked', check(estate, { EKS_DR_TERRAFORM: '/nowhere/terraform', ARGOCD_AUTH_TOKEN: '' }));
    const checks = error.also.map(({ target }) => target);
    expect(checks).to.include.members(['terraform-present', 'terraform-backend-region', 'argocd-reachable', 'gitlab-reachable']);
    // What several checks found the same is told once, with what each of them looked at.
    const missing = error.also.find(({ target }) => target === 'terraform-present');
    expect(missing?.message).to.contain('terraform init and the lock of the state');
  });
});
