import { awsFault } from '../aws/fault.ts';
import { queryResponse, requiredText, structures, text, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { removeLoadBalancer } from './load-balancers.ts';
import { regionOf, taggedIn, xmlns } from './read-operations.ts';
import { elbRegion } from './state.ts';

const limit = (arns: readonly string[]): void => {
  if (arns.length === 0) throw awsFault(400, 'ValidationError', 'Resource ARNs must be specified');
};

export const writeOperations: QueryOperations = {
  // Deleting what is not there succeeds, as documented.
  DeleteLoadBalancer: {
    parameters: ['LoadBalancerArn'],
    mutates: true,
    handle({ parameters }, request, { world }) {
      removeLoadBalancer(world, regionOf(request), requiredText(parameters, 'LoadBalancerArn'), false);
      return queryResponse('DeleteLoadBalancer', xmlns, {});
    },
  },
  DeleteTargetGroup: {
    parameters: ['TargetGroupArn'],
    mutates: true,
    handle({ parameters }, request, { world }) {
      const { targetGroups, listeners } = elbRegion(world.elb, regionOf(request));
      const arn = requiredText(parameters, 'TargetGroupArn');
      if (Object.values(listeners).some((listener) => listener.targetGroupArn === arn)) {
        throw awsFault(400, 'ResourceInUse', `Target group '${arn}' is currently in use by a listener or a rule`);
      }
      delete targetGroups[arn];
      return queryResponse('DeleteTargetGroup', xmlns, {});
    },
  },
  AddTags: {
    parameters: ['ResourceArns', 'Tags'],
    mutates: true,
    handle({ parameters }, request, sandbox) {
      const arns = texts(parameters, 'ResourceArns');
      limit(arns);
      const tags = structures(parameters, 'Tags').map((tag) => [text(tag, 'Key') ?? '', text(tag, 'Value') ?? ''] as const);
      if (tags.length === 0) throw awsFault(400, 'ValidationError', 'Tags must be specified');
      if (new Set(tags.map(([key]) => key)).size < tags.length)
        throw awsFault(400, 'DuplicateTagKeys', 'A tag key was specified more than once');
      const tagged = arns.map((arn) => taggedIn(sandbox, regionOf(request), arn));
      const results = tagged.map((each) => ({ ...each.tags, ...Object.fromEntries(tags) }));
      if (results.some((result) => Object.keys(result).length > 50))
        throw awsFault(400, 'TooManyTags', 'The maximum number of tags has been reached on the resource');
      for (const [index, each] of tagged.entries()) each.tags = results[index] ?? each.tags;
      return queryResponse('AddTags', xmlns, {});
    },
  },
  RemoveTags: {
    parameters: ['ResourceArns', 'TagKeys'],
    mutates: true,
    handle({ parameters }, request, sandbox) {
      const arns = texts(parameters, 'ResourceArns');
      limit(arns);
      const keys = texts(parameters, 'TagKeys');
      for (const each of arns.map((arn) => taggedIn(sandbox, regionOf(request), arn))) {
        each.tags = Object.fromEntries(Object.entries(each.tags).filter(([key]) => !keys.includes(key)));
      }
      return queryResponse('RemoveTags', xmlns, {});
    },
  },
};
