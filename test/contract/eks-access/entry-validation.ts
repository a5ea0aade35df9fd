import {
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  ListAccessEntriesCommand,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { entryInput, makeEntry } from './entry.ts';
import type { EksAccess } from './subject.ts';

const CREATE = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html';
const CREATING = 'https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html';
const ENTRIES = 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html';

/** An assertion that EKS makes no access entry of such an input. */
function refuses(
  what: string,
  source: string,
  change: (subject: EksAccess) => Partial<CreateAccessEntryCommandInput>,
  deviations: Assertion<EksAccess>['deviations'] = { ministack: accepts(source) },
): Assertion<EksAccess> {
  return {
    title: `makes no entry ${what}: 400 and InvalidParameterException`,
    concern: 'validation',
    source,
    deviations,
    async holds(subject) {
      const refusal = await refusalOf(subject.eks.send(new CreateAccessEntryCommand(entryInput(subject, change(subject)))));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  };
}

export const entryValidation: readonly Assertion<EksAccess>[] = [
  refuses('in a group of Kubernetes itself', CREATING, () => ({ kubernetesGroups: ['viewers', 'system:masters'] })),
  refuses('with a username of Kubernetes itself', CREATING, () => ({ username: 'system:admin' })),
  refuses('with a username that looks like one of AWS', CREATING, () => ({ username: 'aws:admin' })),
  refuses('for the session of a role', CREATE, ({ account }) => ({
    principalArn: `arn:aws:sts::${account}:assumed-role/admin/somebody`,
  })),
  refuses('for what is no ARN', CREATE, () => ({ principalArn: 'admin' })),
  refuses('for a role that does not exist', ENTRIES, ({ account }) => ({ principalArn: `arn:aws:iam::${account}:role/nobody` })),
  refuses('of a type that there is not', CREATE, () => ({ type: 'LINUX' }), {}),
  refuses('of nodes in groups of the caller', CREATING, () => ({ type: 'EC2_LINUX', kubernetesGroups: ['viewers'] })),
  refuses('of nodes for a user', CREATE, ({ account }) => ({ type: 'EC2_LINUX', principalArn: `arn:aws:iam::${account}:user/somebody` })),
  {
    title: 'changes no entry to be in a group of Kubernetes itself',
    concern: 'validation',
    source: CREATING,
    deviations: { ministack: accepts(CREATING) },
    async holds(subject) {
      const { name } = await makeEntry(subject);
      const change = new UpdateAccessEntryCommand({ ...name, kubernetesGroups: ['system:masters'] });
      expect(await refusalOf(subject.eks.send(change))).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
  {
    title: 'has no entries in a cluster that goes by aws-auth alone: 400 and InvalidRequestException',
    concern: 'validation',
    source: ENTRIES,
    deviations: { ministack: accepts(ENTRIES) },
    async holds(subject) {
      const clusterName = await subject.makeCluster({ accessConfig: { authenticationMode: 'CONFIG_MAP' } });
      for (const call of [
        subject.eks.send(new CreateAccessEntryCommand(entryInput(subject, { clusterName }))),
        subject.eks.send(new ListAccessEntriesCommand({ clusterName })),
      ])
        expect(await refusalOf(call)).to.include({ name: 'InvalidRequestException', status: 400 });
    },
  },
];
