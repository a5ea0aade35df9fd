const plain = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

// These would change what a command does, where its state lies, or spill values into a log.
const withheld = /^TF_(LOG.*|CLI_ARGS.*|WORKSPACE|DATA_DIR|INPUT|IN_AUTOMATION|REATTACH_PROVIDERS|APPEND_USER_AGENT)$/;

/**
 * The environment of every Terraform process: what it needs to find programs, credentials, proxies and providers (AWS_*, TF_*), no more.
 * `folder` is private to the stack: Terraform's data and temporary files go there, never into the module.
 */
export function terraformEnvironment(
  environment: NodeJS.ProcessEnv,
  folder: { readonly data: string; readonly temporary: string },
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || withheld.test(name)) continue;
    if (plain.includes(name) || /^(AWS|TF)_/.test(name)) passed[name] = value;
  }
  return {
    ...passed,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    TF_DATA_DIR: folder.data,
    TF_APPEND_USER_AGENT: 'eks-dr',
    TMPDIR: folder.temporary,
  };
}
