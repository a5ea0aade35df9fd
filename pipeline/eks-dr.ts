#!/usr/bin/env node
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { steps } from '../steps/index.ts';
import { runCli } from './cli/main.ts';

// Bundled, this file stands in dist/ beside the compiled steps; from source they are one folder up.
const stepsFolder = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/steps/' : './steps/', import.meta.url));

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  stepsFolder,
  steps,
  user: process.env.EKS_DR_USER || userInfo().username,
  version: packageJson.version,
});
