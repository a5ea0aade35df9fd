import { join } from 'node:path';
import { buildProgram } from './build/build-program.ts';

const { root, force } = { root: join(import.meta.dirname, '..'), force: process.argv.includes('--force') };
const built = await buildProgram(root, { force });
process.stdout.write(built.fresh ? 'dist is up to date.\n' : `dist: ${built.files} files, ${(built.bytes / 1e6).toFixed(1)} MB.\n`);
