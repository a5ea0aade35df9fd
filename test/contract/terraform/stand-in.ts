import { S3Client } from '@aws-sdk/client-s3';
import { startFullSandbox } from '../../../sandbox/start.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { built } from '../../built.ts';
import type { Opened } from '../contract.ts';
import { DECLARATIONS, openProgram, type Program } from './subject.ts';

// The stand-in has one stack, whatever the module says, and reads the names of the outputs alone.
const MODULE = `${DECLARATIONS}
output "cluster_name" { value = var.cluster_name }
output "vpc_id" { value = aws_vpc.this.id }
`;

/** The sandbox's stand-in, against the sandbox. */
export async function openedStandIn(): Promise<Opened<Program>> {
  const world = emptyWorld();
  const running = await startFullSandbox({ world, scale: 1000 });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = running.environment;
  const region = 'eu-central-1';
  return openProgram({
    name: 'the stand-in',
    program: await built('sandbox/bin/terraform'),
    module: MODULE,
    inHand: /aws_eks_cluster\.this: Still creating/,
    environment: { ...running.environment, TF_SANDBOX_POLL_MS: '25' },
    s3: new S3Client({ endpoint: running.addresses.aws, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } }),
    makeBucket: async (name) => {
      world.s3.buckets[name] = { region, objects: {} };
    },
    close: () => running.stop(),
  });
}
