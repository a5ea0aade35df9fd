import { delimiter, resolve } from 'node:path';

export interface ServedSandbox {
  /** Addresses and credentials of the remote systems. */
  readonly clients: Readonly<Record<string, string>>;
  /** The address of the control API. */
  readonly control: string;
  readonly scale: number;
  /** The folder with the compiled steps; the Terraform stand-in lies beside it. */
  readonly stepsFolder: string;
  readonly path: string | undefined;
}

/** What the steps need to work against a sandbox: addresses, credentials, its clock, the Terraform stand-in. */
export function sandboxEnvironment({ clients, control, scale, stepsFolder, path = '' }: ServedSandbox): Record<string, string> {
  return {
    ...clients,
    EKS_DR_CLOCK_SCALE: String(scale),
    EKS_DR_SANDBOX: control,
    EKS_DR_DIGEST_KEY: 'sandbox-digest-key',
    NEW_RELIC_LICENSE_KEY: 'sandbox-licence-key',
    PATH: [resolve(stepsFolder, '../sandbox/bin'), path].join(delimiter),
  };
}
