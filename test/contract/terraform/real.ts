import { spawnSync } from 'node:child_process';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { ministackAws } from '../subjects/aws.ts';
import { DECLARATIONS, openProgram, type Program } from './subject.ts';

// terraform_data is built into the program: no provider, no network. The middle one takes its time only where it is interrupted.
const MODULE = `${DECLARATIONS}
resource "terraform_data" "vpc" { input = var.cluster_name }
resource "terraform_data" "cluster" {
  input = terraform_data.vpc.id
  provisioner "local-exec" { command = "sleep \${lookup(var.tags, "sleep", "0")}" }
}
resource "terraform_data" "node" { input = terraform_data.cluster.id }
output "cluster_name" { value = var.cluster_name }
output "vpc_id" { value = terraform_data.vpc.id }
`;

/** The Terraform on PATH, of the release that the stand-in plays, with its state in ministack. Null where one of them is missing. */
export async function openedProgram(running: Running): Promise<Opened<Program> | null> {
  const version = spawnSync('terraform', ['version', '-json'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', CHECKPOINT_DISABLE: '1' },
  });
  const aws = await ministackAws(running);
  if (aws === null || version.status !== 0 || !/"terraform_version": "1\.11\./.test(version.stdout)) return null;
  const { endpoint, region, credentials } = aws.subject.config({ region: 'eu-central-1' });
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return openProgram({
    name: 'Terraform',
    program: 'terraform',
    module: MODULE,
    inHand: /terraform_data\.cluster: Provisioning with/,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      CHECKPOINT_DISABLE: '1',
      // No settings of whoever runs this.
      TF_CLI_CONFIG_FILE: '/dev/null',
    },
    s3,
    makeBucket: (Bucket) => s3.send(new CreateBucketCommand({ Bucket })),
    close: () => aws.close(),
  });
}
