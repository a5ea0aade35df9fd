import { steps } from '../../../steps/index.ts';
import { type Assertion, defineContract } from '../contract.ts';
import { apiGatewayCases } from './cases/api-gateway.ts';
import { argocdCases } from './cases/argocd.ts';
import { awsCases } from './cases/aws.ts';
import type { LawCase } from './cases/case.ts';
import { cloudfrontCases } from './cases/cloudfront.ts';
import { eksAndNetworkCases } from './cases/eks-and-network.ts';
import { gitlabCases } from './cases/gitlab.ts';
import { iamCases } from './cases/iam.ts';
import { kubernetesCases } from './cases/kubernetes.ts';
import { leftoverCases } from './cases/leftovers.ts';
import { terraformCases } from './cases/terraform.ts';
import { vaultCases } from './cases/vault.ts';
import { holdLaw } from './law.ts';
import type { LawWorld } from './world.ts';
import { argocdWorld } from './worlds/argocd.ts';
import { kubernetesWorld } from './worlds/kubernetes.ts';
import { ministackWorld } from './worlds/ministack.ts';
import { motoWorld } from './worlds/moto.ts';
import { openbaoWorld } from './worlds/openbao.ts';
import { sandboxWorld } from './worlds/sandbox.ts';

const CASES = [
  ...apiGatewayCases,
  ...awsCases,
  ...cloudfrontCases,
  ...iamCases,
  ...eksAndNetworkCases,
  ...leftoverCases,
  ...kubernetesCases,
  ...argocdCases,
  ...gitlabCases,
  ...vaultCases,
  ...terraformCases,
];

/** All cases; throws where a step has a driver without one. */
function everyCase(): LawCase[] {
  const tried = new Set(CASES.map(({ driver }) => driver.kind));
  const untried = steps.flatMap((step) => step.drivers).find(({ kind }) => !tried.has(kind));
  if (untried !== undefined) throw new TypeError(`no case tries the law of drivers on ${untried.kind}`);
  return CASES;
}

function assertionOf({ driver, part, referees, deviations = {}, source, inTurn, arrange }: LawCase): Assertion<LawWorld> {
  return {
    title: `${driver.kind}${part === undefined ? '' : `, ${part}`}: what was written reads as it was desired, a second plan is empty, and undo leads back`,
    concern: 'consistency',
    servedBy: referees,
    deviations,
    ...(source !== undefined && { source }),
    holds(world) {
      const hold = async (): Promise<void> => {
        for (const subject of await arrange(world)) await holdLaw(world, driver, subject);
      };
      return inTurn === true ? world.inTurn(hold) : hold();
    },
  };
}

export const driverLaw = defineContract<LawWorld>({
  system: 'The drivers',
  sandbox: sandboxWorld,
  referees: {
    ministack: ministackWorld,
    moto: motoWorld,
    kubernetes: kubernetesWorld,
    argocd: argocdWorld,
    openbao: openbaoWorld,
  },
  atOnce: 4,
  assertions: everyCase().map(assertionOf),
});
