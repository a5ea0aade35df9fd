import { expect } from 'chai';
import { type Answer, choosePart } from '../../../steps/inventory/choose.ts';
import type { Dated, Parts } from '../../../steps/inventory/parts.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';

type Namespaces = Parts['namespaces'];

const NOW = Date.parse('2026-01-05T09:00:00.000Z');
const policy = {
  ...estateWith().inventory,
  lastGood: 'inventory/last-good.json',
  maxAgeHours: 48,
  maxShrinkPercent: 20,
  prefer: 'live' as const,
};
const options = (change: Partial<typeof policy> | { readonly prefer: 'last-good' } = {}) => ({
  policy: { ...policy, ...change },
  now: NOW,
  timestamp: '2026-01-05T09:00:00.000Z',
});

const some = (count: number): Namespaces =>
  Array.from({ length: count }, (_, index) => ({ name: `ns-${index}`, labels: {}, annotations: {}, limits: [] }));
const live = (count: number): Answer<Namespaces> => ({ ok: true, value: some(count) });
const away: Answer<Namespaces> = { ok: false, error: new EksDrError('remote-unavailable', { message: 'No answer within 15 s.' }) };
const archived = (count: number, takenAt = '2026-01-05T03:00:00.000Z'): Dated<Namespaces> => ({ takenAt, value: some(count) });

describe('choosing a part of the inventory', () => {
  it('takes what the system says now', () => {
    const chosen = choosePart('namespaces', live(10), archived(10), options());
    expect(chosen).to.include({ source: 'live', ageSeconds: 0, reason: null, takenAt: '2026-01-05T09:00:00.000Z' });
  });

  it('falls back on the archive, with its age and the reason, when the system does not answer', () => {
    const chosen = choosePart('namespaces', away, archived(7), options());
    expect(chosen).to.deep.equal({
      source: 'last-good',
      takenAt: '2026-01-05T03:00:00.000Z',
      ageSeconds: 6 * 3600,
      reason: 'No answer within 15 s.',
      value: some(7),
    });
  });

  it('takes the archive where the estate prefers it', () => {
    expect(choosePart('namespaces', live(10), archived(7), options({ prefer: 'last-good' }))).to.include({ source: 'last-good' });
  });

  it('takes what there is where the estate prefers an archive that is not there', () => {
    expect(choosePart('namespaces', live(10), null, options({ prefer: 'last-good' }))).to.include({ source: 'live' });
  });

  it('names the part and its system when there is neither', async () => {
    const error = await failure('remote-unavailable', () => choosePart('namespaces', away, null, options()));
    expect(error.message).to.contain('No answer within 15 s.');
    expect(error.remedy).to.contain('the primary cluster').and.to.contain('inventory/last-good.json');
  });

  it('says of an archive of an older version that it did not hold the part', async () => {
    const choose = async () => choosePart('namespaces', away, null, { ...options(), isArchived: true });
    const error = await failure('remote-unavailable', choose);
    expect(error.message).to.equal(
      'The namespaces are not known: No answer within 15 s. The archived inventory at inventory/last-good.json is of a version that did not hold them.',
    );
    expect(error.remedy).to.equal(
      'Make the primary cluster answer; or put an archived inventory that holds them at inventory/last-good.json.',
    );
  });

  it('keeps the way out of a refused permission, beside the archive', async () => {
    const cause = new EksDrError('permission-denied', { message: 'Argo CD refused it (401).', remedy: 'Renew ARGOCD_AUTH_TOKEN.' });
    const error = await failure('permission-denied', () => choosePart('namespaces', { ok: false, error: cause }, null, options()));
    expect(error.remedy).to.equal('Renew ARGOCD_AUTH_TOKEN; or put an archived inventory at inventory/last-good.json.');
  });

  it('refuses an archive that is too old', async () => {
    const error = await failure('unhealthy', () => choosePart('namespaces', away, archived(7, '2026-01-03T08:00:00.000Z'), options()));
    expect(error.message).to.contain('49 hours');
  });

  it('stops when the live part shrank by more than the limit: deletion damages live truth too', async () => {
    const error = await failure('unhealthy', () => choosePart('namespaces', live(79), archived(100), options()));
    expect(error.message).to.contain('21 %');
    expect(error.remedy).to.contain('last-good');
  });

  it('bears what shrank by just the limit, and what grew', () => {
    expect(choosePart('namespaces', live(80), archived(100), options()).source).to.equal('live');
    expect(choosePart('namespaces', live(120), archived(100), options()).source).to.equal('live');
    expect(choosePart('namespaces', live(0), archived(0), options()).source).to.equal('live');
  });

  describe('that only tells people something', () => {
    type Records = Parts['records'];
    const gone: Answer<Records> = { ok: false, error: away.ok ? new EksDrError('bug', { message: '' }) : away.error };
    const record = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ zone: 'a', name: `n${index}.a`, type: 'A', set: '', target: 'b' }));

    it('is unknown where it is neither live nor archived, and stops nobody', () => {
      expect(choosePart('records', gone, null, { ...options(), isArchived: true })).to.deep.equal({
        source: 'unknown',
        takenAt: '2026-01-05T09:00:00.000Z',
        ageSeconds: 0,
        reason: 'No answer within 15 s.',
        value: null,
      });
    });

    it('comes from an archive that is too old for the other parts, which is said', () => {
      const chosen = choosePart('records', gone, { takenAt: '2026-01-03T08:00:00.000Z', value: record(1) }, options());
      expect(chosen).to.include({ source: 'last-good', reason: 'No answer within 15 s; it is older than 48 hours' });
    });

    it('is taken as it is where it shrank, which is said', () => {
      const chosen = choosePart(
        'records',
        { ok: true, value: record(1) },
        { takenAt: '2026-01-05T03:00:00.000Z', value: record(4) },
        options(),
      );
      expect(chosen).to.deep.include({ source: 'live', value: record(1) });
      expect(chosen.reason).to.contain('75 % are gone');
    });
  });
});
