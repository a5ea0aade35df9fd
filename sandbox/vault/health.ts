import type { SandboxResponse } from '../system.ts';
import type { Call } from './call.ts';
import { json } from './reply.ts';

const VERSION = '2.0.4';

/** Needs no token, and answers sealed or not: 200 when it serves, 503 when it is sealed. */
export function health({ state, sandbox }: Call): SandboxResponse {
  return json(state.sealed ? 503 : 200, {
    initialized: true,
    sealed: state.sealed,
    standby: false,
    performance_standby: false,
    replication_performance_mode: 'disabled',
    replication_dr_mode: 'disabled',
    server_time_utc: Math.round(sandbox.clock.now() / 1000),
    version: VERSION,
    enterprise: false,
    cluster_name: 'vault-cluster-sandbox',
    cluster_id: '00000000-0000-0000-0000-000000000000',
  });
}

export function sealStatus({ state }: Call): SandboxResponse {
  return json(200, {
    type: 'shamir',
    initialized: true,
    sealed: state.sealed,
    t: 1,
    n: 1,
    progress: 0,
    nonce: '',
    version: VERSION,
    migration: false,
    recovery_seal: false,
    storage_type: 'raft',
  });
}
