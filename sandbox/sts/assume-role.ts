import { createHash } from 'node:crypto';
import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { type QueryCall, queryResponse, requiredText, text } from '../aws/query.ts';
import { nextIamId } from '../iam/ids.ts';
import { principalOf, roleOf } from '../iam/principals.ts';
import { trusts } from '../iam/trust.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';

function durationOf(call: QueryCall, maximum: number): number {
  const seconds = Number(text(call.parameters, 'DurationSeconds') ?? 3600);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43200) {
    throw awsFault(400, 'ValidationError', 'DurationSeconds must be between 900 and 43200');
  }
  if (seconds > maximum) {
    throw awsFault(400, 'ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return seconds;
}

/** AssumeRole: temporary credentials, when the role's trust policy names the caller, its account or everybody. */
export function assumeRole(call: QueryCall, request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  const arn = requiredText(call.parameters, 'RoleArn');
  const sessionName = requiredText(call.parameters, 'RoleSessionName');
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw awsFault(400, 'ValidationError', `Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: [\\w+=,.@-]*`);
  }
  const caller = principalOf(world, request.scope?.accessKeyId ?? '');
  const role = roleOf(world, arn);
  const visible = role !== null && role.visibleAt <= clock.now();
  if (!caller || !visible || !trusts(role.trust, world.accountId, caller.arn, 'sts:AssumeRole')) {
    const message = `User: ${caller?.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw awsFault(403, 'AccessDenied', message);
  }
  const expiresAt = clock.now() + durationOf(call, role.maxSessionDuration) * 1000;
  const accessKeyId = nextIamId(world.iam, 'ASIA');
  const secret = createHash('sha256').update(`secret ${accessKeyId}`).digest('base64').slice(0, 40);
  const sessionToken = createHash('sha512').update(`token ${accessKeyId}`).digest('base64');
  world.iam.accessKeys[accessKeyId] = { secret, principal: arn, sessionName, sessionToken, expiresAt };
  return queryResponse('AssumeRole', protocols.sts?.xmlns ?? '', {
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: `arn:aws:sts::${world.accountId}:assumed-role/${role.name}/${sessionName}`,
    },
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secret,
      SessionToken: sessionToken,
      // Clients compare it with their own clock.
      Expiration: new Date(Date.now() + durationOf(call, role.maxSessionDuration) * 1000).toISOString(),
    },
  });
}
