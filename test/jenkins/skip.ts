import { missingTool } from './controller.ts';

/** Skips everything of a suite, with a word why, on a machine that can't run the generated Groovy. To be called first in `before`. */
export async function skipWithoutJava(suite: Mocha.Context): Promise<void> {
  const missing = await missingTool();
  if (missing === undefined) return;
  process.stdout.write(`  skipped: ${missing} on this machine (the generated Groovy runs on Java 17, built by Maven)\n`);
  suite.skip();
}
