import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { XMLParser } from 'fast-xml-parser';

/** Whom STS takes the signer for. */
export interface Caller {
  /** As STS answers it: `...:assumed-role/<name>/<session>` for a role. */
  readonly arn: string;
  readonly account: string;
  /** `<id>` of a user, `<id>:<session>` of a role. */
  readonly userId: string;
}

/**
 * Sends the presigned question to an STS elsewhere, under the host that it was signed for, with the cluster's name in the header
 * that the signature covers.
 */
export async function askSts(presigned: URL, cluster: string, sts: URL): Promise<Caller | { readonly refused: string }> {
  const sent = request({
    host: sts.hostname,
    port: sts.port,
    method: 'GET',
    path: `${presigned.pathname}${presigned.search}`,
    headers: { host: presigned.host, accept: 'application/json', 'x-k8s-aws-id': cluster },
    signal: AbortSignal.timeout(10_000),
  });
  const answered = new Promise<{ status: number; body: string }>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
  });
  sent.end();
  const { status, body } = await answered;
  if (status !== 200) return { refused: `STS answers ${status}: ${body.replaceAll(/\s+/g, ' ').slice(0, 300)}` };
  return readCaller(body);
}

/** STS answers in JSON where the request accepts it, and in XML all the same where it is an emulator's. */
function readCaller(body: string): Caller | { readonly refused: string } {
  const answer = body.startsWith('<') ? new XMLParser({ parseTagValue: false }).parse(body) : JSON.parse(body);
  const { Arn, Account, UserId } = answer.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {};
  if (Arn === undefined || Account === undefined || UserId === undefined) return { refused: 'STS names no caller' };
  return { arn: String(Arn), account: String(Account), userId: String(UserId) };
}
