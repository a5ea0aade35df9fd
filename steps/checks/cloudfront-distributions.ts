import type { CloudFront } from '../clients/aws.ts';
import { distributionOwner, readDistribution } from '../cloudfront/distributions.ts';
import { switchedDistributions } from '../cloudfront/switched-distributions.ts';
import { DRILL_SCOPE } from '../kit/guard.ts';
import type { Finding } from '../kit/step.ts';
import { SCOPE_TAG } from '../naming.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The distributions that this run will switch exist and may be read; those of a drill are marked for drills. */
export const cloudfrontDistributions: Check = {
  id: 'cloudfront-distributions',
  title: 'Distributions exist and may be changed',
  run: ({ estate, run, clients }) =>
    findings('the distributions of CloudFront', async () => {
      const ids = await switchedDistributions(clients.cloudfront, estate, run.mode);
      if (ids.length === 0) return [];
      const cloudfront = await clients.cloudfront();
      const each = await Promise.all(ids.map((id) => findings(`distribution ${id}`, () => look(cloudfront, id, run.mode === 'drill'))));
      return each.flat();
    }),
};

async function look(cloudfront: CloudFront, id: string, drill: boolean): Promise<readonly Finding[]> {
  const found = await readDistribution(cloudfront, id);
  const evidence = `cloudfront:GetDistribution ${id}`;
  if (found === null) {
    return [
      {
        severity: 'blocker',
        message: `There is no distribution ${id}.`,
        evidence,
        remedy: 'Correct its id in the estate, or take it out.',
      },
    ];
  }
  if (found.config.Staging === true) {
    return [
      {
        severity: 'warning',
        message: `The distribution ${id} is a staging distribution and will not be switched.`,
        evidence,
        remedy: 'Name its primary distribution in the estate instead, and promote nothing from staging that names the old load balancers.',
      },
    ];
  }
  if (!drill) return [];
  const owner = await distributionOwner(cloudfront, found);
  if (owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE) return [];
  return [
    {
      severity: 'blocker',
      message: `The drill distribution ${id} is not marked for drills.`,
      evidence: `it has no tag ${SCOPE_TAG}=${DRILL_SCOPE}`,
      remedy: `If nothing in production uses it, tag it ${SCOPE_TAG}=${DRILL_SCOPE}; else name another one in drill.distributions.`,
    },
  ];
}
