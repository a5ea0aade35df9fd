import type { Eks, Sts } from '../../../../steps/clients/aws.ts';
import { connectKubernetes } from '../../../../steps/clients/kubernetes.ts';
import { RUN_TAG } from '../../../../steps/naming.ts';
import type { KubernetesServer, Running } from '../../../real/servers/running.ts';
import type { Opened } from '../../contract.ts';
import { ministackAuthAws } from '../../subjects/aws.ts';
import { unique } from '../../unique.ts';
import { type LawWorld, worldOf } from '../world.ts';
import { newAdminUser } from './cluster-admins.ts';
import { connected } from './connected.ts';

/** The recovery cluster's real API server, which our client logs in to by a token of an IAM user with an access entry. */
export async function kubernetesWorld(running: Running): Promise<Opened<LawWorld> | null> {
  const aws = await ministackAuthAws(running);
  const server = running.kubernetes?.recovery;
  if (aws === null || server === undefined) return null;
  const admin = await newAdminUser(aws.subject, server);
  const run = unique('law');
  const { clients, close } = connected(run, {}, 4);
  const kubernetes = connectKubernetes(server.eks, {
    eks: describing(server, run),
    sts: { config: { credentials: async () => admin.credentials } } as unknown as Sts,
    clock: clients.clock,
    signal: clients.signal,
  });
  return {
    subject: worldOf({ run, cluster: server.eks, clients: { ...clients, kubernetes: () => kubernetes } }),
    async close() {
      close();
      await admin.remove();
    },
  };
}

/** EKS, as far as it tells where a cluster is: the emulator knows nothing of the real API server. */
function describing({ url, ca }: KubernetesServer, run: string): Eks {
  const cluster = {
    endpoint: url,
    certificateAuthority: { data: Buffer.from(ca).toString('base64') },
    version: '1.36',
    tags: { [RUN_TAG]: run },
  };
  return { describeCluster: async () => ({ cluster }) } as unknown as Eks;
}
