import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, ministackAws, sandboxAws } from '../subjects/aws.ts';

export interface CloudFrontSubject extends Aws {
  /** Runs `work` while the account may make no update. Where nothing counts them it just runs. */
  withSpentUpdates(work: () => Promise<void>): Promise<void>;
}

export async function sandboxCloudFront(): Promise<Opened<CloudFrontSubject>> {
  const { subject, close } = await sandboxAws();
  const { cloudfront } = subject.world;
  // The assertions make more updates than one account would.
  const generous = { burst: 1000, perMinute: 1000 };
  cloudfront.updates = generous;
  return {
    subject: {
      ...subject,
      async withSpentUpdates(work) {
        cloudfront.updates = { burst: 0, perMinute: 0 };
        try {
          await work();
        } finally {
          cloudfront.updates = generous;
          cloudfront.bucket = null;
        }
      },
    },
    close,
  };
}

export async function ministackCloudFront(running: Running): Promise<Opened<CloudFrontSubject> | null> {
  const opened = await ministackAws(running);
  return opened === null ? null : { ...opened, subject: { ...opened.subject, withSpentUpdates: (work) => work() } };
}
