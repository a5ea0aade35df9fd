import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, ministackAws, sandboxAws } from '../subjects/aws.ts';

export interface Route53Subject extends Aws {
  /** Runs `work` while the account has no request left. Where nothing counts requests it just runs. */
  withSpentQuota(work: () => Promise<void>): Promise<void>;
  /** Runs `work` while Route 53 works on an earlier batch for the zone. Where batches take no time it just runs. */
  whileBusy(zoneId: string, work: () => Promise<void>): Promise<void>;
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
      async whileBusy(zoneId, work) {
        const zone = route53.zones[zoneId];
        if (zone === undefined) throw new Error(`no zone ${zoneId}`);
        zone.busyUntil = Number.MAX_SAFE_INTEGER;
        try {
          await work();
        } finally {
          delete zone.busyUntil;
        }
      },
    },
    close,
  };
}

export async function ministackRoute53(running: Running): Promise<Opened<Route53Subject> | null> {
  const opened = await ministackAws(running);
  if (opened === null) return null;
  const subject: Route53Subject = { ...opened.subject, withSpentQuota: (work) => work(), whileBusy: (_zone, work) => work() };
  return { ...opened, subject };
}
