import { digestOf } from '../kit/json.ts';
import { endpointText } from './gateway-endpoint.ts';
import type { StageContent } from './stage-content.ts';

/** What would be published, in one word: two contents of the same digest lead to the same places in the same way. */
export function contentDigest({ routes, rest }: StageContent): string {
  return digestOf({
    routes: Object.fromEntries([...routes].map(([route, to]) => [route, endpointText(to)])),
    rest: Object.fromEntries(rest),
  });
}
