import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Setting } from '../server.ts';
import { ownProgram } from './own-program.ts';

/** A folder whose `argocd-k8s-auth` logs in to the API servers with the roles of the ministack that checks signatures. */
export function loginFolder(setting: Setting): string {
  return setting.file('data', 'argocd', 'bin');
}

export async function prepareLogin(setting: Setting): Promise<void> {
  const plugin = `${setting.ingredient('programs')}/bin/argocd-k8s-auth`;
  const { program, args } = ownProgram('argocd-login.ts', [plugin, `http://127.0.0.1:${setting.port('ministack-auth')}`]);
  const { accessKeyId, secretAccessKey } = setting.secrets.aws;
  const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  const words = [program, ...args].map((word) => `'${word}'`);
  await mkdir(loginFolder(setting), { recursive: true, mode: 0o700 });
  const text = `#!/bin/sh\n${assignments.join(' ')} exec ${words.join(' ')} "$@"\n`;
  await writeFile(join(loginFolder(setting), 'argocd-k8s-auth'), text, { mode: 0o700 });
}
