import { expect } from 'chai';
import type { Json } from '../../../steps/kit/json.ts';
import { generatesFor } from '../../../steps/projects/matching-generators.ts';

const cluster = { name: 'shop-drill-1', labels: { 'eks-dr/run': 'drill-1', 'argocd.argoproj.io/secret-type': 'cluster' } };
const expression = (key: string, operator: string, ...values: string[]) => ({ matchExpressions: [{ key, operator, values }] });
const matrix = (...generators: Json[]) => ({ matrix: { generators } });
const merge = (...generators: Json[]) => ({ merge: { mergeKeys: ['name'], generators } });

const taken: Readonly<Record<string, Json>> = {
  'every cluster': { clusters: {} },
  'every cluster whose name is not that of another': { clusters: {}, selector: expression('name', 'NotIn', 'shop-prod') },
  'its name, afterwards': { clusters: {}, selector: { matchLabels: { name: 'shop-drill-1' } } },
  'recoveries, afterwards': { clusters: {}, selector: expression('metadata.labels.eks-dr/run', 'Exists') },
  'an address that nobody knows yet': { clusters: {}, selector: expression('server', 'NotIn', 'https://kubernetes.default.svc') },
  'an annotation that it may have': { clusters: {}, selector: expression('metadata.annotations.team', 'Exists') },
  'a value that the generator gives every cluster': {
    clusters: { values: { tier: 'all' } },
    selector: { matchLabels: { 'values.tier': 'all' } },
  },
  'a value that a template comes to': {
    clusters: { values: { tier: '{{metadata.labels.tier}}' } },
    selector: { matchLabels: { 'values.tier': 'all' } },
  },
  'all in one list': { clusters: { flatList: true }, selector: { matchLabels: { name: 'shop-prod' } } },
  'a matrix with what another generator may have': { ...matrix({ git: {} }, { clusters: {} }), selector: { matchLabels: { env: 'prod' } } },
  'a matrix whose labels another generator fills in': matrix(
    { git: {} },
    { clusters: { selector: { matchLabels: { 'eks-dr/run': '{{path.basename}}' } } } },
  ),
  'a merge in which another generator may rename it': {
    ...merge({ clusters: {} }, { list: {} }),
    selector: { matchLabels: { name: 'shop-prod' } },
  },
  'a matrix within a matrix': matrix({ list: {} }, matrix({ git: {} }, { clusters: {} })),
};

const left: Readonly<Record<string, Json>> = {
  'the name of another, afterwards': { clusters: {}, selector: { matchLabels: { name: 'shop-prod' } } },
  'no recoveries, afterwards': { clusters: {}, selector: expression('metadata.labels.eks-dr/run', 'DoesNotExist') },
  'a label that it has not, afterwards': { clusters: {}, selector: { matchLabels: { 'metadata.labels.env': 'prod' } } },
  'a parameter that no cluster has': { clusters: {}, selector: { matchLabels: { env: 'prod' } } },
  'another value of the generator': { clusters: { values: { tier: 'all' } }, selector: expression('values.tier', 'NotIn', 'all') },
  'a matrix with the name of another': { ...matrix({ git: {} }, { clusters: {} }), selector: { matchLabels: { name: 'shop-prod' } } },
  'a matrix in which the clusters are chosen afterwards': matrix(
    { git: {} },
    { clusters: {}, selector: { matchLabels: { name: 'shop-prod' } } },
  ),
  'a label that it has not, whatever its value': matrix(
    { git: {} },
    { clusters: { selector: { matchLabels: { env: '{{path.basename}}' } } } },
  ),
  'no clusters at all': matrix({ git: {} }, { list: {} }),
};

describe('a generator of an ApplicationSet', () => {
  for (const [what, generator] of Object.entries(taken))
    it(`would take the new cluster where it selects ${what}`, () => expect(generatesFor(generator, cluster)).to.equal(true));
  for (const [what, generator] of Object.entries(left))
    it(`leaves the new cluster alone where it selects ${what}`, () => expect(generatesFor(generator, cluster)).to.equal(false));
});
