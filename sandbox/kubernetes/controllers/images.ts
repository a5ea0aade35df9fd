import { globMatches } from '../../glob.ts';
import { textAt } from '../object.ts';
import type { Context } from '../store.ts';

/** Why containerd can't pull the image of a container; null: it can. The tag `missing` is nowhere, and so is what the world lists. */
export function pullProblem({ world }: Context, container: unknown): string | null {
  const image = textAt(container, 'image') ?? '';
  if (image === '' || image === 'auto') return `Failed to apply default image tag "${image}": couldn't parse image name`;
  const isMissing = image.endsWith(':missing') || (world.kubernetes.missingImages ?? []).some((pattern) => globMatches(pattern, image));
  if (!isMissing) return null;
  const failed = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  return `rpc error: code = NotFound desc = ${failed}`;
}

/** How a container waits for its image: first the failure itself, then the pause, which repeats it (since Kubernetes 1.32). */
export function imageWaiting(container: unknown, problem: string, isAgain: boolean): { readonly reason: string; readonly message: string } {
  if (!isAgain) return { reason: 'ErrImagePull', message: problem };
  const message = `Back-off pulling image "${textAt(container, 'image') ?? ''}": ErrImagePull: ${problem}`;
  return { reason: 'ImagePullBackOff', message };
}
