import { readBytes, walk } from './objects.ts';
import type { Commit, GitLabProject } from './state.ts';

/** What the `.gitattributes` of a commit do to its archive. */
export interface ExportAttributes {
  /** `export-ignore`, of the file or of a folder above it. */
  ignores(path: string): boolean;
  /** `export-subst`: of its placeholders the sandbox knows `$Format:%H$`, the commit's id. */
  substitutes(path: string, bytes: Buffer): Buffer;
}

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly attributes: readonly string[];
}

export function attributesOf(project: GitLabProject, commit: Commit): ExportAttributes {
  // Deeper files come later, and the last rule wins.
  const files = [...walk(project, commit.tree)]
    .filter(({ path }) => /(^|\/)\.gitattributes$/.test(path))
    .toSorted((a, b) => a.path.split('/').length - b.path.split('/').length);
  const rules = files.flatMap(({ path, sha }) => {
    const blob = project.blobs[sha];
    return blob === undefined ? [] : rulesOf(readBytes(blob).toString('utf8'), path.slice(0, -'.gitattributes'.length));
  });
  const has = (path: string, attribute: string): boolean => {
    const said = rules.filter(({ matches }) => matches(path)).flatMap(({ attributes }) => attributes);
    return said.findLast((one) => one.replace(/^[-!]/, '') === attribute) === attribute;
  };
  return {
    ignores: (path) => path.split('/').some((_, index, names) => has(names.slice(0, index + 1).join('/'), 'export-ignore')),
    substitutes: (path, bytes) =>
      has(path, 'export-subst') ? Buffer.from(bytes.toString('utf8').replaceAll('$Format:%H$', commit.sha)) : bytes,
  };
}

/** A pattern without a slash looks at names, at any depth; any other one at paths below the folder of its file. */
function rulesOf(text: string, folder: string): Rule[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [pattern = '', ...attributes] = line.split(/\s+/);
      const glob = globOf(pattern.replace(/^\//, ''));
      const byName = !pattern.includes('/');
      const matches = (path: string): boolean =>
        path.startsWith(folder) && glob.test(byName ? (path.split('/').at(-1) ?? '') : path.slice(folder.length));
      return { matches, attributes };
    });
}

function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
