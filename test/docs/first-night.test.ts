import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const folder = resolve(import.meta.dirname, '..', '..', 'docs', 'runbooks');
const rows = readFileSync(join(folder, 'first-night.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .slice(1)
  .map((line) => line.split(' | ').at(-1) ?? '');

const testsIn = (row: string): (readonly [title: string, file: string])[] =>
  [...row.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', path = '']) => [title, join(folder, path)]);

describe('the runbook of first-night failures', () => {
  it('shows each of them by a test', () => {
    expect(rows.length).to.be.greaterThan(7);
    expect(rows.filter((row) => testsIn(row).length === 0)).to.deep.equal([]);
  });

  it('names tests that exist', () => {
    const missing = rows.flatMap(testsIn).filter(([title, file]) => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return !text.includes(`it('${title}'`);
    });
    expect(missing).to.deep.equal([]);
  });
});
