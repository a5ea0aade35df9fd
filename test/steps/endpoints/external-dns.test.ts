import { expect } from 'chai';
import { externalDnsOwners } from '../../../steps/endpoints/external-dns.ts';

const heritage = (owner: string) => [`"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=service/shop/web"`];

function owners(records: string[], ...texts: [string, string[]][]): Record<string, string> {
  return Object.fromEntries(
    externalDnsOwners(
      records,
      texts.map(([name, values]) => ({ name, values })),
    ),
  );
}

describe('records that external-dns owns', () => {
  it('are found by a TXT of the same name', () => {
    expect(owners(['shop.example.com'], ['shop.example.com.', heritage('main')])).to.deep.equal({ 'shop.example.com': 'main' });
  });

  it('are found by a TXT with the type of the record in front', () => {
    expect(owners(['shop.example.com'], ['a-shop.example.com', heritage('main')])).to.deep.equal({ 'shop.example.com': 'main' });
  });

  it('are found behind a prefix or a suffix', () => {
    expect(owners(['shop.example.com'], ['extdns.cname-shop.example.com', heritage('x')])).to.have.property('shop.example.com', 'x');
    expect(owners(['shop.example.com'], ['shop-txt.example.com', heritage('x')])).to.have.property('shop.example.com', 'x');
    expect(owners(['shop.example.com'], ['extdnsshop.example.com', heritage('x')])).to.have.property('shop.example.com', 'x');
  });

  it('are found for wildcards, escaped or replaced by a word', () => {
    expect(owners(['*.example.com'], ['a-\\052.example.com', heritage('x')])).to.have.property('*.example.com', 'x');
    expect(owners(['*.example.com'], ['a-wildcard.example.com', heritage('x')])).to.have.property('*.example.com', 'x');
  });

  it('are not those whose name is only the end of an owned one', () => {
    expect(owners(['shop.example.com', 'my-shop.example.com'], ['my-shop.example.com', heritage('x')])).to.deep.equal({
      'my-shop.example.com': 'x',
    });
    expect(owners(['op.example.com'], ['shop.example.com', heritage('x')])).to.deep.equal({});
  });

  it('are not those with another TXT', () => {
    expect(owners(['shop.example.com'], ['shop.example.com', ['"v=spf1 -all"']])).to.deep.equal({});
  });
});
