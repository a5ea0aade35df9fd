import type { SandboxResponse } from '../system.ts';
import { type Call, flag, list, text } from './call.ts';
import { absent, answer, done, refuse } from './reply.ts';
import type { KubernetesAuth } from './state.ts';

/** The Kubernetes auth method at the path of a request. */
export function methodOf(call: Call): KubernetesAuth {
  return call.state.kubernetes[call.at.mount ?? ''] ?? refuse(404, 'no handler for route');
}

export function readConfig(call: Call): SandboxResponse {
  const { config } = methodOf(call);
  if (config === null) return absent();
  return answer({
    data: {
      disable_iss_validation: config.disableIssValidation,
      disable_local_ca_jwt: config.disableLocalCaJwt,
      issuer: config.issuer,
      kubernetes_ca_cert: config.caCert,
      kubernetes_host: config.host,
      pem_keys: config.pemKeys,
      token_reviewer_jwt_set: config.reviewerJwt !== '',
    },
  });
}

/** Replaces the whole configuration: what is left out falls back to its default. */
export function writeConfig(call: Call): SandboxResponse {
  const method = methodOf(call);
  const host = text(call, 'kubernetes_host');
  if (host === '') return refuse(400, 'no host provided');
  const reviewerJwt = text(call, 'token_reviewer_jwt');
  if (reviewerJwt !== '' && reviewerJwt.split('.').length !== 3)
    return refuse(500, '1 error occurred:\n\t* token_reviewer_jwt is not a JWT\n\n');
  const caCert = text(call, 'kubernetes_ca_cert');
  const disableLocalCaJwt = flag(call, 'disable_local_ca_jwt', false);
  // This server runs in no pod: there is no certificate to fall back to.
  if (!disableLocalCaJwt && caCert === '')
    return refuse(500, '1 error occurred:\n\t* open /var/run/secrets/kubernetes.io/serviceaccount/ca.crt: no such file or directory\n\n');
  method.config = {
    host,
    caCert,
    reviewerJwt,
    disableLocalCaJwt,
    pemKeys: list(call, 'pem_keys') ?? [],
    issuer: text(call, 'issuer'),
    disableIssValidation: flag(call, 'disable_iss_validation', true),
  };
  return done;
}
