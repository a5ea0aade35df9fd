import { expect } from 'chai';
import { planZone, type SwitchInputs } from '../../../steps/endpoints/plan-zone.ts';
import type { RecordState, ZoneRecord } from '../../../steps/resources/route53-reading.ts';

const zone = { id: 'Z1', name: 'example.com' };

const inputs: SwitchInputs = {
  oldEndpoints: ['old-a.elb.example.net', 'old-b.elb.example.net', 'old-c.elb.example.net'],
  pairs: [
    {
      old: { dnsName: 'old-a.elb.example.net' },
      new: { dnsName: 'new-a.elb.example.org', zoneId: 'ZNEW' },
    },
  ],
  leftOut: [{ stack: 'other/b', type: 'network', scheme: 'internet-facing', dnsName: 'old-b.elb.example.net', reason: 'not part' }],
};

function record(name: string, type: string, state: Partial<RecordState>, set = ''): ZoneRecord {
  return { name, type, set, state: { alias: null, ttl: null, values: [], routing: {}, ...state }, raw: { Name: name, Type: 'A' } };
}

const alias = (name: string) => ({ alias: { zone: 'ZOLD', name, evaluateTargetHealth: true } });

describe('planning the switch of a zone', () => {
  it('moves aliases to the new name and hosted zone and leaves the rest as it is', () => {
    const { switches } = planZone(
      zone,
      [
        record(
          'shop.example.com',
          'A',
          { ...alias('dualstack.old-a.elb.example.net'), routing: { Weight: 10, HealthCheckId: 'h' } },
          'blue',
        ),
      ],
      inputs,
    );
    expect(switches).to.deep.equal([
      {
        id: { zone: 'Z1', name: 'shop.example.com', type: 'A', set: 'blue' },
        state: {
          alias: { zone: 'ZNEW', name: 'dualstack.new-a.elb.example.org', evaluateTargetHealth: true },
          ttl: null,
          values: [],
          routing: { Weight: 10, HealthCheckId: 'h' },
        },
      },
    ]);
  });

  it('moves CNAMEs and keeps their TTL', () => {
    const { switches } = planZone(zone, [record('api.example.com', 'CNAME', { ttl: 60, values: ['OLD-A.elb.example.net.'] })], inputs);
    expect(switches[0]?.state).to.deep.include({ ttl: 60, values: ['new-a.elb.example.org.'] });
  });

  it('compares whole names: what only contains an old name stays', () => {
    const records = [
      record('x.example.com', 'CNAME', { ttl: 60, values: ['my-old-a.elb.example.net'] }),
      record('y.example.com', 'TXT', { ttl: 60, values: ['"old-a.elb.example.net"'] }),
      record('z.example.com', 'A', { ttl: 60, values: ['192.0.2.1'] }),
    ];
    expect(planZone(zone, records, inputs)).to.deep.include({ switches: [], problems: [], leftAlone: [] });
  });

  it('names records that lead to an endpoint without successor as a problem, all in one', () => {
    const { problems } = planZone(
      zone,
      [record('p.example.com', 'A', alias('old-c.elb.example.net')), record('q.example.com', 'A', alias('old-c.elb.example.net'))],
      inputs,
    );
    expect(problems.map(({ code }) => code)).to.deep.equal(['endpoint-unmapped']);
    expect(problems[0]?.message).to.contain('p.example.com').and.contain('q.example.com');
  });

  it('leaves records of left-out endpoints alone and says so', () => {
    const { switches, problems, leftAlone } = planZone(zone, [record('b.example.com', 'A', alias('old-b.elb.example.net'))], inputs);
    expect({ switches, problems }).to.deep.equal({ switches: [], problems: [] });
    expect(leftAlone[0]).to.contain('b.example.com').and.contain('not part');
  });

  it('tells of records that lead to load balancers of which the inventory knows nothing', () => {
    const stranger = 'k8s-shop-a-1.elb.eu-central-1.amazonaws.com';
    const records = [
      record('s.example.com', 'A', alias(stranger)),
      record('t.example.com', 'CNAME', { ttl: 60, values: ['x.eu-west-1.elb.amazonaws.com'] }),
      record('u.example.com', 'CNAME', { ttl: 60, values: ['d1.cloudfront.example.net'] }),
    ];
    const { switches, problems, leftAlone } = planZone(zone, records, inputs);
    expect({ switches, problems }).to.deep.equal({ switches: [], problems: [] });
    expect(leftAlone).to.have.length(1);
    expect(leftAlone[0]).to.contain('2 records').and.to.contain(`s.example.com A -> ${stranger}`).and.not.to.contain('u.example.com');
  });

  it('refuses records that external-dns owns', () => {
    const heritage = record('a-shop.example.com', 'TXT', { ttl: 300, values: ['"heritage=external-dns,external-dns/owner=main"'] });
    const { problems } = planZone(zone, [record('shop.example.com', 'A', alias('old-a.elb.example.net')), heritage], inputs);
    expect(problems.map(({ code }) => code)).to.deep.equal(['conflict']);
    expect(problems[0]?.remedy).to.contain('external-dns');
  });
});
