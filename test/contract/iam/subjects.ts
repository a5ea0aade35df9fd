import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, ministackAws, motoAws, sandboxAws } from '../subjects/aws.ts';
import { documentOf, iamClient, newRole, putInline } from './things.ts';

export interface IamSubject extends Aws {
  /** ARN of a new role that may do just this. */
  roleThatMay(permissions: { readonly allow: readonly string[]; readonly deny: readonly string[] }): Promise<string>;
}

/** The sandbox evaluates no documents: what a principal may do stands in its world. */
export async function sandboxIam(): Promise<Opened<IamSubject>> {
  const { subject, close } = await sandboxAws();
  return {
    subject: {
      ...subject,
      async roleThatMay({ allow, deny }) {
        const { Arn } = await newRole(iamClient(subject));
        subject.world.iam.identities[Arn] = { allow: [...allow], deny: [...deny] };
        return Arn;
      },
    },
    close,
  };
}

export async function ministackIam(running: Running): Promise<Opened<IamSubject> | null> {
  return withPolicies(await ministackAws(running));
}

export async function motoIam(running: Running): Promise<Opened<IamSubject> | null> {
  return withPolicies(await motoAws(running));
}

function withPolicies(opened: Opened<Aws> | null): Opened<IamSubject> | null {
  if (opened === null) return null;
  const roleThatMay: IamSubject['roleThatMay'] = async ({ allow, deny }) => {
    const client = iamClient(opened.subject);
    const role = await newRole(client);
    await putInline(client, role, 'allow', documentOf({ Effect: 'Allow', Action: allow, Resource: '*' }));
    await putInline(client, role, 'deny', documentOf({ Effect: 'Deny', Action: deny, Resource: '*' }));
    return role.Arn;
  };
  return { ...opened, subject: { ...opened.subject, roleThatMay } };
}
