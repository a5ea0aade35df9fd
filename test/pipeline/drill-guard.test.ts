import { expect } from 'chai';
import { differenceText } from '../../scripts/drill/differences.ts';
import { type AttackedDrill, attackDrill } from '../attacks/attacked-drill.ts';
import { attacksBy, kindsInDrills } from '../attacks/attacks.ts';
import { estateWith, runWith } from '../steps/context.ts';

describe('a whole drill with the compiled program, each driver pointed at production in its turn', function () {
  this.timeout(600_000);
  let drill: AttackedDrill;
  before(async () => {
    drill = await attackDrill();
  });

  for (const { title } of attacksBy(runWith(), estateWith()).filter(({ kind }) => kindsInDrills().has(kind))) {
    it(`ends with status 27 for ${title}`, () => {
      const end = drill.attacks.find((attack) => attack.title === title);
      expect(end, 'was never tried').to.not.equal(undefined);
      expect(end?.status, end?.said).to.equal(27);
    });
  }

  it('has tried every driver that any step of a drill has', () => {
    const tried = new Set(drill.attacks.map(({ kind }) => kind));
    expect([...tried].toSorted()).to.deep.equal([...kindsInDrills()].toSorted());
  });

  it('left the world as it was, attack after attack', () => {
    expect(drill.differences.map(differenceText)).to.deep.equal([]);
  });
});
