import { CreateAccessEntryCommand, InvalidParameterException } from '@aws-sdk/client-eks';
import type { Opened } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Aws } from '../subjects/aws.ts';
import { type Eks, makeRole, openedEks } from '../subjects/eks.ts';

/** EKS, with roles that have no access entry yet, and two that let its pods in. */
export interface EksAccess extends Eks {
  /** The ARN of a role that nobody else was given. */
  takeRole(): string;
  readonly podRole: string;
  readonly otherPodRole: string;
}

const ROLES = 50;
const PODS = { service: 'pods.eks.amazonaws.com', actions: ['sts:AssumeRole', 'sts:TagSession'] };

export async function openedAccess(opened: Opened<Aws>): Promise<Opened<EksAccess>> {
  const { subject, close } = await openedEks(opened);
  const [podRole, otherPodRole] = [await makeRole(subject, PODS), await makeRole(subject, PODS)];
  const roles: string[] = [];
  for (let count = 0; count < ROLES; count += 1) roles.push(await makeRole(subject));
  await known(subject, roles.pop() ?? '');
  const takeRole = (): string => {
    const role = roles.pop();
    if (role === undefined) throw new Error(`more than ${ROLES} roles are wanted`);
    return role;
  };
  return { subject: { ...subject, takeRole, podRole, otherPodRole }, close };
}

/** IAM tells EKS of a new role after some seconds; of older ones it has told then, too. */
async function known({ eks, cluster: clusterName }: Eks, principalArn: string): Promise<void> {
  const create = () => eks.send(new CreateAccessEntryCommand({ clusterName, principalArn })).catch((thrown: unknown) => thrown);
  const last = await eventually(create, (answer) => !(answer instanceof InvalidParameterException));
  if (last instanceof Error) throw last;
}
