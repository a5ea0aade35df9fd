import { expect } from 'chai';
import { iam } from '../../../sandbox/iam/system.ts';
import { s3 as s3System } from '../../../sandbox/s3/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { lastGoodOutsideLostRegion } from '../../../steps/checks/last-good-region.ts';
import type { S3 } from '../../../steps/clients/s3.ts';
import { failure } from '../../failure.ts';
import { contextOf, estateWith, runWith } from '../context.ts';
import { type Remote, startRemote } from '../remote.ts';

const object = { bucket: 'shop-inventory', key: 'shop prod/last-good.json' };

describe('objects of S3', () => {
  let remote: Remote;
  let s3: S3;

  beforeEach(async () => {
    remote = await startRemote([sts, iam, s3System]);
    remote.running.sandbox.world.s3.buckets[object.bucket] = { region: 'eu-west-3', objects: {} };
    s3 = await remote.clients.s3();
  });
  afterEach(() => remote.stop());

  it('are written and read in whatever region their bucket is', async () => {
    expect(await s3.read(object)).to.equal(null);
    await s3.write(object, '{"größe":1}', 'application/json');
    await s3.write(object, '{"größe":2}', 'application/json');
    expect(await s3.read(object)).to.equal('{"größe":2}');
    expect(await (await remote.clients.s3('eu-west-3')).read(object)).to.equal('{"größe":2}');
    expect(remote.running.sandbox.world.s3.buckets[object.bucket]?.objects[object.key]?.contentType).to.equal('application/json');
  });

  it('are read whatever type their writer gave them', async () => {
    await s3.write(object, '{}', 'binary/octet-stream');
    expect(await s3.read(object)).to.equal('{}');
  });

  it('are not there in a bucket that is not there, which is no missing object', async () => {
    const nowhere = { ...object, bucket: 'nowhere' };
    expect((await failure('remote-refused', s3.read(nowhere))).message).to.contain('NoSuchBucket');
    await failure('remote-refused', s3.write(nowhere, '{}', 'application/json'));
    expect(await s3.regionOf('nowhere')).to.equal(null);
  });

  it('are in the region that S3 tells, and kept from those who may not read them', async () => {
    expect(await s3.regionOf(object.bucket)).to.equal('eu-west-3');
    const { faults } = remote.running;
    faults.add({ system: 's3', operation: '*', times: 'always', effect: { status: 403, code: 'AccessDenied', message: 'no' } });
    expect((await failure('permission-denied', s3.read(object))).remedy).to.contain('s3:GetObject');
  });

  describe('that hold the archived inventory', () => {
    const look = (place: string, region = 'eu-west-1', lastGoodRegion?: string) => {
      const estate = estateWith();
      const { clients } = remote;
      const primary = { ...estate.primary, region };
      const inventory = { ...estate.inventory, lastGood: place, lastGoodRegion };
      return lastGoodOutsideLostRegion.run(
        contextOf({ clients } as never, { needs: {}, estate: { ...estate, primary, inventory }, run: runWith() }),
      );
    };
    const place = `s3://${object.bucket}/${object.key}`;

    it('must not lie in the region that is lost, nor in a bucket that is not there', async () => {
      expect(await look(place)).to.deep.equal([]);
      expect(await look('inventory/last-good.json')).to.deep.equal([]);
      const [lost] = await look(place, 'eu-west-3');
      expect(lost).to.include({ severity: 'blocker' });
      expect(lost?.message).to.equal('The archived inventory lies in eu-west-3, the region that is to be recovered from.');
      expect((await look('s3://nowhere/last-good.json'))[0]?.message).to.equal('There is no bucket nowhere for the archived inventory.');
    });

    it('is in the region that the estate names, for those who may not ask', async () => {
      const { faults } = remote.running;
      faults.add({ system: 's3', operation: '*', times: 'always', effect: { status: 403, code: 'AccessDenied', message: 'no' } });
      expect(await look(place, 'eu-west-1', 'eu-west-3')).to.deep.equal([]);
      expect((await look(place, 'eu-west-3', 'eu-west-3'))[0]).to.include({ severity: 'blocker' });
      expect((await look(place))[0]?.remedy).to.contain('s3:ListBucket');
    });
  });
});
