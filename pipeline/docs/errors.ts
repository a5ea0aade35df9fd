import { type Category, catalogue, exitStatus } from '../../steps/kit/errors.ts';

const meaning: Readonly<Record<Category, string>> = {
  bug: 'A mistake of EKS-DR itself. Running again is safe.',
  usage: 'The command line can’t be understood. Nothing was read or written.',
  'invalid-input': 'An estate, a document, the environment or a remote request is wrong.',
  stale: 'A record, plan or approval is missing, edited, of another run, or no longer true.',
  drift: 'Something changed between plan and apply. Nothing was overwritten.',
  permission: 'An identity may not do what it must.',
  conflict: 'An object, a lock or a name belongs to somebody else.',
  unavailable: 'A system does not answer as it should. A retry may help.',
  timeout: 'A bounded wait reached its limit.',
  guard: 'The drill guard refused to touch what is not the drill’s own.',
  unhealthy: 'Everything was done, and the result does not do.',
  interrupted: 'Stopped by a signal or a rejected approval; what was under way is finished.',
};

/** docs/errors.md: exit statuses and the error catalogue. */
export function errorsPage(): string {
  const categories = Object.keys(exitStatus) as Category[];
  const statuses = categories.map((category) => `| ${exitStatus[category]} | ${category} | ${meaning[category]} |`);
  const codes = Object.entries(catalogue).map(([code, { category, remedy }]) => `| \`${code}\` | ${exitStatus[category]} | ${remedy} |`);
  return [
    '<!-- Generated from steps/kit/errors.ts by `npm run generate`; do not edit. -->',
    '# Exit statuses and errors',
    '',
    'Every step and the command line end with one of these statuses; 0 is success.',
    '',
    '| status | category | meaning |',
    '| --- | --- | --- |',
    ...statuses,
    '',
    'An error says what went wrong, where, and what to do. Its code stands in the record of the step.',
    '',
    '| code | status | what to do, where nothing more specific is known |',
    '| --- | --- | --- |',
    ...codes,
    '',
  ].join('\n');
}
