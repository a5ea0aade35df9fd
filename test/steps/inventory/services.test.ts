import { expect } from 'chai';
import { servicesOf } from '../../../steps/inventory/services.ts';
import { cart } from './example-inventory.ts';

const { file: _file, ...application } = { ...cart, file: '' };
const manifest = { kind: 'Application' };

describe('the services of an inventory', () => {
  it('are applications with the files that define them', () => {
    expect(servicesOf([application], { folder: 'apps', files: { cart: 'apps/cart.yaml' } })).to.deep.equal({
      services: [{ ...application, file: 'apps/cart.yaml' }],
      withoutTemplate: [],
    });
  });

  it('come with their manifest where no file defines them, and without it where one does', () => {
    const applications = [
      { ...application, manifest },
      { ...application, name: 'generated', manifest },
    ];
    expect(servicesOf(applications, { folder: 'apps', files: { cart: 'apps/cart.yaml' } }).services).to.deep.equal([
      { ...application, file: 'apps/cart.yaml' },
      { ...application, name: 'generated', manifest, file: 'apps/generated/generated.yaml' },
    ]);
  });

  it('are without a template where neither is there', () => {
    expect(servicesOf([application], { folder: '', files: {} })).to.deep.equal({ services: [], withoutTemplate: [application] });
  });
});
