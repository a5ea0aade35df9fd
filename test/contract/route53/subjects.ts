import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, ministackAws, sandboxAws } from '../subjects/aws.ts';

export interface Route53Subject extends Aws {
  /** Runs `work` while the account has no request left. Where nothing counts requests it just runs. */
  withSpentQuota(work: () => Promise<void>): Promise<void>;
}

export async function sandboxRoute53(): Promise<Opened<Route53Subject>> {
  const { subject, close } = await sandboxAws();
  const { route53 } = subject.world;
  return {
    subject: {
      ...subject,
      async withSpentQuota(work) {
        route53.bucket = { tokens: 0, at: Number.MAX_SAFE_INTEGER };
        try {
          await work();
        } finally {
          route53.bucket = null;
        }
      },
    },
    close,
  };
}

export async function ministackRoute53(running: Running): Promise<Opened<Route53Subject> | null> {
  return withoutQuota(await ministackAws(running));
}

function withoutQuota(opened: Opened<Aws> | null): Opened<Route53Subject> | null {
  return opened && { ...opened, subject: { ...opened.subject, withSpentQuota: (work) => work() } };
}
