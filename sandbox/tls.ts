import { generate } from 'selfsigned';

/** A CA and the server certificate it signed, as PEM. */
export interface TlsMaterial {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const years = (count: number): Date => {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() + count);
  return date;
};

/** A new CA and a certificate for 127.0.0.1 and localhost. */
export async function createTls(): Promise<TlsMaterial> {
  // A client whose clock is a little behind must accept it too.
  const notBeforeDate = new Date(Date.now() - 24 * 3600 * 1000);
  const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate, notAfterDate: years(10) } as const;
  const ca = await generate([{ name: 'commonName', value: 'EKS-DR sandbox CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { ca: ca.cert, cert: server.cert, key: server.private };
}
