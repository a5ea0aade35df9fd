import { resolve } from 'node:path';

/** The release whose behaviour this program has. */
export const version = '1.11.4';

export interface Settings {
  /** The root module. */
  readonly folder: string;
  /** Where init keeps the backend's configuration. */
  readonly dataFolder: string;
  /** Milliseconds between two looks at something that is being created. */
  readonly pollMilliseconds: number;
  /** How many times as fast as the wall clock the sandbox runs: Terraform's own times are divided by it. */
  readonly scale: number;
  readonly environment: NodeJS.ProcessEnv;
}

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : fallback;
}

/** SANDBOX_TERRAFORM_POLL_MS and SANDBOX_TERRAFORM_CLOCK_SCALE may also start with TF_, for callers that pass only Terraform's own variables on. */
export function settingsFrom(environment: NodeJS.ProcessEnv, folder: string): Settings {
  const own = (name: string): string | undefined => environment[`SANDBOX_TERRAFORM_${name}`] ?? environment[`TF_SANDBOX_${name}`];
  return {
    folder,
    dataFolder: resolve(folder, environment.TF_DATA_DIR ?? '.terraform'),
    pollMilliseconds: positive(own('POLL_MS'), 150),
    scale: positive(own('CLOCK_SCALE'), 1),
    environment,
  };
}
