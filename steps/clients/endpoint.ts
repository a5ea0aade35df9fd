import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { EksDrError } from '../kit/errors.ts';

/** A request to a load balancer by its own name, as if DNS led the host to it. */
export interface EndpointRequest {
  /** The DNS name of the load balancer: where the connection goes. */
  readonly address: string;
  /** The Host header; with https also SNI, and the name that the certificate must be for. */
  readonly host: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly path: string;
}

/** The status of the answer, or why there was none, in words for people. */
export type EndpointAnswer = { readonly status: number } | { readonly problem: string };

/** Asks what is not ours for a sign of life. No answer is an answer; only `interrupted` is thrown. */
export interface EndpointClient {
  ask(request: EndpointRequest): Promise<EndpointAnswer>;
}

export interface EndpointOptions {
  readonly signal: AbortSignal;
  /** Where names lead; the system's resolver unless given. */
  readonly lookup?: LookupFunction;
  /** PEM of a CA instead of those that Node trusts (NODE_EXTRA_CA_CERTS adds to them). */
  readonly ca?: string;
}

const TRY_SECONDS = 10;

export function connectEndpoint({ signal, lookup, ca }: EndpointOptions): EndpointClient {
  return {
    ask: ({ address, host, scheme, port, path }) =>
      new Promise((resolve, reject) => {
        const usual = port === (scheme === 'https' ? 443 : 80);
        const options: https.RequestOptions = {
          host: address,
          port,
          path,
          // A connection of its own: the next try may find another address.
          agent: false,
          headers: { host: usual ? host : `${host}:${port}`, 'user-agent': 'eks-dr' },
          signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_SECONDS * 1000)]),
          ...(lookup === undefined ? {} : { lookup }),
        };
        const request =
          scheme === 'http' ? http.request(options) : https.request({ ...options, servername: host, ...(ca === undefined ? {} : { ca }) });
        request.on('error', (error: NodeJS.ErrnoException) => {
          if (signal.aborted) reject(new EksDrError('interrupted', { message: 'Interrupted; what was under way is finished.' }));
          else resolve({ problem: words(error) });
        });
        request.once('response', (response) => {
          resolve({ status: response.statusCode ?? 0 });
          request.destroy();
        });
        request.end();
      }),
  };
}

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed without an answer',
  ENOTFOUND: 'the name of the load balancer does not resolve',
  EAI_AGAIN: 'the name of the load balancer could not be looked up',
  EHOSTUNREACH: 'there is no way to the load balancer from here',
  ENETUNREACH: 'there is no way to the load balancer from here',
  ETIMEDOUT: 'the connection timed out',
  ABORT_ERR: `no answer within ${TRY_SECONDS} s`,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody we trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody we trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody we trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody we trust',
  EPROTO: 'it does not speak TLS there',
};

function words(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  const { code = '' } = error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another name: ${error.reason ?? error.message}`;
  return known[code] ?? (/^ERR_SSL_/.test(code) ? `TLS failed: ${code}` : `${code} ${error.message}`.trim());
}
