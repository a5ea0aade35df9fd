import { expect } from 'chai';
import { drillProjectSpec, primaryNamespaces, reachesPrimary } from '../../../steps/projects/destinations.ts';

const own = { name: 'in-cluster' };
const remote = { name: 'shop-prod', server: 'https://shop.example.com' };

describe('the destinations of an AppProject', () => {
  it('name the primary by its name, its address or a pattern, and every cluster not for the primary alone', () => {
    const destinations = [
      { name: 'shop-prod', namespace: 'b' },
      { server: 'https://shop.example.com/', namespace: 'a' },
      { server: 'https://*.example.com', namespace: 'c-*' },
      { name: 'shop-*' },
      { name: '*', namespace: 'everywhere' },
      { name: '!shop-prod', namespace: 'kube-system' },
      { name: 'staging', namespace: 'd' },
    ];
    expect(primaryNamespaces(destinations, remote)).to.deep.equal(['*', 'a', 'b', 'c-*']);
    expect(primaryNamespaces([{ server: '*', name: '*', namespace: '*' }], remote)).to.deep.equal([]);
    expect(reachesPrimary([{ server: '*', name: '*', namespace: '*' }], remote)).to.equal(true);
    expect(reachesPrimary([{ name: 'staging' }], remote)).to.equal(false);
  });

  it('name the cluster of Argo CD itself by either of its names, whichever the estate has', () => {
    const destinations = [
      { server: 'https://kubernetes.default.svc', namespace: 'a' },
      { name: 'in-cluster', namespace: 'b' },
    ];
    for (const place of [own, { server: 'https://kubernetes.default.svc' }]) {
      expect(primaryNamespaces(destinations, place)).to.deep.equal(['a', 'b']);
      const cluster = { name: 'shop-drill-1', server: 'https://drill.example.com' };
      const spec = {
        sourceRepos: ['*'],
        roles: [{ name: 'ci' }],
        destinations: [...destinations, { server: 'https://other', namespace: 'c' }],
      };
      expect(drillProjectSpec(spec, place, cluster)).to.deep.equal({
        sourceRepos: ['*'],
        destinations: [
          { ...cluster, namespace: 'a' },
          { ...cluster, namespace: 'b' },
        ],
      });
    }
  });
});
