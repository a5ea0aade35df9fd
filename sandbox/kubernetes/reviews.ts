import type { Sandbox } from '../system.ts';
import { apiAudiences, type User, userOfToken } from './authenticate.ts';
import { type Action, may } from './authorize.ts';
import { badRequest, invalidObject, missing } from './failure.ts';
import { invalidValue } from './immutable-fields.ts';
import { at, type Fields, isFields, type KubeObject, listAt, numberAt, textAt } from './object.ts';
import type { Context } from './store.ts';
import { find } from './store.ts';
import { mintServiceAccountToken } from './tokens.ts';

function actionIn(spec: unknown): Action {
  const attributes = at(spec, 'resourceAttributes');
  if (isFields(attributes)) {
    const text = (name: string): string => textAt(attributes, name) ?? '';
    const namespace = text('namespace');
    return {
      verb: text('verb'),
      group: text('group'),
      resource: text('resource'),
      subresource: text('subresource'),
      namespace: namespace === '' ? undefined : namespace,
      name: text('name'),
    };
  }
  const path = textAt(spec, 'nonResourceAttributes', 'path');
  if (path === undefined) throw badRequest('spec.resourceAttributes or spec.nonResourceAttributes is required');
  return { verb: textAt(spec, 'nonResourceAttributes', 'verb') ?? 'get', path };
}

const decision = (allowed: boolean): Fields =>
  allowed ? { allowed: true, reason: 'allowed by the authorizers of the cluster' } : { allowed: false };

function userInfo({ username, groups, uid, extra }: User): Fields {
  return { username, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

/** The answers of the review types, by plural name. */
export const reviews: Readonly<Record<string, (sandbox: Sandbox, context: Context, user: User, body: Fields) => Fields>> = {
  selfsubjectaccessreviews: (_sandbox, { cluster }, user, body) => ({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: body.spec,
    status: decision(may(cluster, user, actionIn(body.spec))),
  }),
  subjectaccessreviews: (_sandbox, { cluster }, _user, body) => {
    const subject: User = {
      username: textAt(body, 'spec', 'user') ?? '',
      groups: listAt(body, 'spec', 'groups').map(String),
      associations: [],
    };
    return {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: body.spec,
      status: decision(may(cluster, subject, actionIn(body.spec))),
    };
  },
  selfsubjectreviews: (_sandbox, _context, user) => ({
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    status: { userInfo: userInfo(user) },
  }),
  tokenreviews: (sandbox, { cluster }, _user, body) => {
    const token = textAt(body, 'spec', 'token') ?? '';
    const asked = listAt(body, 'spec', 'audiences').map(String);
    const audiences = asked.length === 0 ? apiAudiences(cluster) : asked;
    const found = userOfToken(sandbox, cluster, token, audiences);
    const status = found === null ? { user: {}, error: 'invalid bearer token' } : { authenticated: true, user: userInfo(found), audiences };
    return { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec: body.spec, status };
  },
};

const TOKEN_REQUEST = { group: 'authentication.k8s.io', plural: '', kind: 'TokenRequest' };

/** POST .../serviceaccounts/<name>/token: a token that expires. */
export function requestToken(context: Context, namespace: string, name: string, body: Fields): Fields {
  const { cluster, now } = context;
  const account: KubeObject | undefined = find(cluster, 'core/serviceaccounts', `${namespace}/${name}`);
  if (account === undefined) throw missing({ group: '', plural: 'serviceaccounts', kind: 'ServiceAccount' }, name);
  const lifetime = numberAt(body, 'spec', 'expirationSeconds') ?? 3_600;
  if (lifetime < 600) {
    const cause = invalidValue('spec.expirationSeconds', lifetime, 'may not specify a duration less than 10 minutes');
    throw invalidObject(TOKEN_REQUEST, '', [cause]);
  }
  const asked = listAt(body, 'spec', 'audiences').map(String);
  const audiences = asked.length === 0 ? ['https://kubernetes.default.svc'] : asked;
  const issuedAt = Math.floor(now / 1_000);
  const expiresAt = issuedAt + lifetime;
  const uid = account.metadata.uid ?? '';
  const token = mintServiceAccountToken(cluster, { namespace, account: name, uid, audiences, issuedAt, expiresAt });
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    spec: { audiences, expirationSeconds: lifetime, boundObjectRef: null },
    status: { token, expirationTimestamp: `${new Date(expiresAt * 1_000).toISOString().slice(0, 19)}Z` },
  };
}
