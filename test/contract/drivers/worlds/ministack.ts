import { RUN_TAG } from '../../../../steps/naming.ts';
import type { Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { ministackAws } from '../../subjects/aws.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { newRole, newZone } from './aws-places.ts';
import { awsEnvironment, connected } from './connected.ts';

const REGION = 'eu-central-1';

export async function ministackWorld(running: Running): Promise<Opened<LawWorld> | null> {
  const opened = await ministackAws(running);
  if (opened === null) return null;
  const run = unique('law');
  const { clients, close } = connected(run, awsEnvironment(opened.subject), 20);
  return {
    subject: worldOf({
      clients,
      run,
      newZone: () => newZone(clients, run),
      newRole: () => newRole(clients),
      async newEksCluster() {
        const name = unique('law');
        await (await clients.eks(REGION)).createCluster({
          name,
          roleArn: await newRole(clients),
          resourcesVpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] },
          accessConfig: { authenticationMode: 'API' },
          tags: { [RUN_TAG]: run },
        });
        return { region: REGION, cluster: name };
      },
    }),
    close: async () => close(),
  };
}
