import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import { EKS_CLUSTERS } from './login/clusters.ts';
import { type Aws, type Review, review } from './login/review.ts';
import type { ClusterName } from './server.ts';

/** A TokenReview of authentication.k8s.io/v1, as far as it is read. */
interface TokenReview {
  readonly spec?: { readonly token?: string };
}

/** Answers TokenReviews at `/<cluster>` as EKS's authenticator does; `/health` for whoever started it. */
async function answer(request: IncomingMessage, response: ServerResponse, aws: Aws): Promise<void> {
  const name = (request.url ?? '').replace(/^\/|\?.*$/g, '');
  if (name === 'health') {
    response.end('ok');
    return;
  }
  if (request.method !== 'POST' || !(name in EKS_CLUSTERS)) {
    response.writeHead(404).end();
    return;
  }
  const asked = (await json(request)) as TokenReview;
  const reviewed = await decide(asked.spec?.token ?? '', name as ClusterName, aws);
  if ('refused' in reviewed) console.error(`${name}: refused: ${reviewed.refused}`);
  const status = 'refused' in reviewed ? { authenticated: false } : { authenticated: true, user: reviewed.user };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }));
}

/** What can not be decided is refused. */
async function decide(token: string, name: ClusterName, aws: Aws): Promise<Review> {
  try {
    return await review(token, EKS_CLUSTERS[name], aws);
  } catch (thrown) {
    return { refused: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

const [port, cert = '', key = '', url = ''] = process.argv.slice(2);
const aws: Aws = {
  url,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '' },
};
createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  answer(request, response, aws).catch((thrown: unknown) => {
    console.error(thrown);
    response.writeHead(500).end();
  });
}).listen(Number(port), '127.0.0.1');
