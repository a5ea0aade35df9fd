import type { FaultResult } from './play-case.ts';

/** System, operations, cases, how long they took, and how often they ended in what way: a row each, for people. */
export function faultTable(results: readonly FaultResult[]): string {
  const systems = [...new Set(results.map(labelOf))].toSorted();
  const rows = systems.map((system) => {
    const own = results.filter((result) => labelOf(result) === system);
    const operations = new Set(own.map(({ operation }) => operation).filter((operation) => !operation.startsWith('*')));
    const faults = new Set(own.map(({ fault }) => fault));
    const seconds = own.reduce((sum, each) => sum + each.seconds, 0);
    return [system, String(operations.size), String(faults.size), String(own.length), seconds.toFixed(0), endingsOf(own)];
  });
  return columns([['system', 'operations', 'faults', 'cases', 'seconds', 'endings'], ...rows]);
}

function labelOf({ system, by }: FaultResult): string {
  const name = system === '*' ? 'all of AWS' : system;
  return by === 'program' ? `${name}, by Terraform` : name;
}

function endingsOf(results: readonly FaultResult[]): string {
  const endings = [...new Set(results.map(({ ending }) => ending))].toSorted();
  return endings.map((ending) => `${ending} ${results.filter((result) => result.ending === ending).length}`).join(', ');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
