import { controllerClassPath, missingTool } from './controller.ts';

// Before the tests, which run side by side: Maven's local repository takes one writer at a time.
const missing = await missingTool();
if (missing === undefined) await controllerClassPath();
else process.stdout.write(`Skipped: ${missing} on this machine. The generated Groovy runs on Java 17, built by Maven.\n`);
