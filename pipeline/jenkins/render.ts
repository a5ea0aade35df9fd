import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import handlebars from 'handlebars';
import { templatePath } from '../../steps/templates.ts';
import { cascString, commentText, groovyString, markdownText } from './escape.ts';
import type { JenkinsModel } from './model.ts';
import type { OutputFile } from './output.ts';
import { viewOf } from './view.ts';

/**
 * Renders every text file of the repository. Templates show what the view holds and decide nothing:
 * `<name>.hbs` becomes `<name>`, `Jenkinsfile.hbs` serves every pipeline, `partials/` are named by their files.
 */
export async function renderModel(model: JenkinsModel): Promise<readonly OutputFile[]> {
  const folder = templatePath('jenkins');
  const names = (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.hbs'));
  const texts = await Promise.all(
    names.map(async (name) => [name.slice(0, -'.hbs'.length), await readFile(join(folder, `${name}`), 'utf8')] as const),
  );
  const render = createRenderer(texts.filter(([name]) => name.startsWith('partials/')));
  const view = viewOf(model);
  return texts
    .filter(([name]) => !name.startsWith('partials/'))
    .flatMap(([name, text]) => {
      if (name !== 'Jenkinsfile') return [{ path: name, content: render(text, view) }];
      return view.pipelines.map((pipeline) => ({ path: pipeline.file, content: render(text, { ...view, ...pipeline }) }));
    });
}

function createRenderer(partials: readonly (readonly [string, string])[]): (text: string, view: object) => string {
  const engine = handlebars.create();
  engine.registerHelper({ groovy: groovyString, comment: commentText, casc: cascString, md: markdownText });
  for (const [name, text] of partials) engine.registerPartial(name.slice('partials/'.length), text);
  // Every escape is named in the template: HTML is none of our languages.
  return (text, view) => engine.compile(text, { noEscape: true, strict: true })(view);
}
