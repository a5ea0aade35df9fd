import { Gitlab } from '@gitbeaker/rest';
import { gitlab } from '../../../sandbox/gitlab/system.ts';
import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { seedGitLab } from '../../../sandbox/worlds/repository.ts';
import { fewServices } from '../../../sandbox/worlds/services.ts';

export const PROJECT = 'platform/argocd-apps';

export type Client = InstanceType<typeof Gitlab<false>>;

export interface GitLabSandbox {
  readonly running: RunningSandbox;
  readonly host: string;
  /** The bot, a developer of the project. */
  readonly bot: Client;
  /** A maintainer, who may approve. */
  readonly reviewer: Client;
}

/** A GitLab with the repository of the small shop. `approveAfter`: seconds until the reviewer approves unasked. */
export async function startGitLab(
  options: { readonly approveAfter?: number | null; readonly scale?: number } = {},
): Promise<GitLabSandbox> {
  const world = emptyWorld();
  seedGitLab(world, fewServices());
  if (world.gitlab.autoApprover !== null) {
    world.gitlab.autoApprover = { ...world.gitlab.autoApprover, afterSeconds: options.approveAfter ?? null };
  }
  const running = await startSandbox({ world, scale: options.scale ?? 200, systems: [gitlab] });
  const host = running.addresses.gitlab;
  return {
    running,
    host,
    bot: new Gitlab({ host, token: 'glpat-sandbox' }),
    reviewer: new Gitlab({ host, token: 'glpat-reviewer' }),
  };
}

/** The status and message of the refusal that a call must end in. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await call;
  } catch (thrown) {
    const { cause } = thrown as Error & { cause?: { response?: Response; description?: string } };
    return { status: cause?.response?.status ?? 0, message: String(cause?.description ?? (thrown as Error).message) };
  }
  throw new Error('The call was expected to be refused.');
}

/** Asks until the answer is as wanted. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Not as wanted in time: ${JSON.stringify(await ask())}`);
}
