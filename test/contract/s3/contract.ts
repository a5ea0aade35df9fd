import { defineContract } from '../contract.ts';
import { conditions } from './conditions.ts';
import { lists } from './lists.ts';
import { objects } from './objects.ts';
import { ministackS3, type S3Subject, sandboxS3 } from './subjects.ts';

export const s3 = defineContract<S3Subject>({
  system: 'S3',
  sandbox: sandboxS3,
  referees: { ministack: ministackS3 },
  assertions: [...objects, ...conditions, ...lists],
});
