import { brief } from '../kit/text.ts';
import { alike } from './alike.ts';
import type { Cause } from './cause.ts';

const reasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'ImageInspectError',
  'InvalidImageName',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

export function isAboutImage(reason: string): boolean {
  return reasons.has(reason);
}

/**
 * Why a node can't pull an image, by its registry: services whose images lack in one registry have one cause. `message` is the kubelet's or
 * that of its event; a pause tells the failure before it only since Kubernetes 1.32.
 */
export function imageCause(reason: string, image: string, message: string): Cause {
  if (reason === 'InvalidImageName') return { what: 'the name of an image is invalid', about: image };
  const { registry, path } = partsOf(image);
  // Without the image, whose tag may be a number.
  const said = message.replace(/^Back-off pulling image "[^"]*":? ?/, '').replaceAll(image, '<image>');
  return { what: whatIsWrong(registry, said), about: path };
}

function whatIsWrong(registry: string, message: string): string {
  if (/not ?found|manifest unknown|name unknown|does not exist/i.test(message)) return `no such image in ${registry}`;
  if (/\b40[13]\b|unauthorized|authoriz|denied|forbidden|no basic auth|authentication required/i.test(message))
    return `the nodes may pull no image from ${registry}`;
  if (/toomanyrequests|\b429\b|rate limit/i.test(message)) return `the nodes may pull no more images from ${registry} for now`;
  if (/timeout|timed out|deadline exceeded|refused|no route|unreachable|no such host|lookup|EOF|reset by peer/i.test(message))
    return `the nodes can't reach ${registry}`;
  const said = brief(alike(message), 200);
  return `an image can't be pulled from ${registry}${said === '' ? '' : `: ${said}`}`;
}

/** The registry as the reference of an image has it; without one it is Docker's. */
function partsOf(image: string): { readonly registry: string; readonly path: string } {
  const [first = '', ...rest] = image.split('/');
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) return { registry: first, path: rest.join('/') };
  return { registry: 'docker.io', path: image };
}
