import type { Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { motoAws } from '../../subjects/aws.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { connected } from './connected.ts';

/** What moto serves of AWS: IAM and EC2. */
export async function motoWorld(running: Running): Promise<Opened<LawWorld> | null> {
  const opened = await motoAws(running);
  if (opened === null) return null;
  const { endpoint, credentials } = opened.subject.config();
  const run = unique('law');
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { clients, close } = connected(run, environment, 20);
  return { subject: worldOf({ clients, run }), close: async () => close() };
}
