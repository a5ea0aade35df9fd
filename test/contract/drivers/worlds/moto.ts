import type { Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { motoAws } from '../../subjects/aws.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { awsEnvironment, connected } from './connected.ts';

/** What moto serves of AWS: IAM and EC2. */
export async function motoWorld(running: Running): Promise<Opened<LawWorld> | null> {
  const opened = await motoAws(running);
  if (opened === null) return null;
  const run = unique('law');
  const { clients, close } = connected(run, awsEnvironment(opened.subject), 20);
  return { subject: worldOf({ clients, run }), close: async () => close() };
}
