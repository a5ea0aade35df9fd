import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reasonOf } from '../kit/atomic-file.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Check } from '../step.ts';
import { findings } from './from-error.ts';

/** The Terraform module declares the output that shall name Karpenter's interruption queue. */
export const karpenterQueue: Check = {
  id: 'karpenter-queue',
  title: 'The Terraform module gives the interruption queue',
  run({ estate, clients }) {
    const output = estate.addons.karpenter?.interruptionQueueOutput;
    const { directory } = estate.terraform;
    const evidence = `output ${output} in ${directory}`;
    return findings(evidence, async () => {
      if (output === undefined || (await declaresOutput(resolve(clients.estateFolder, directory), output))) return [];
      return [
        {
          severity: 'blocker',
          message: `The Terraform module declares no output ${output}, from which Karpenter shall get its interruption queue.`,
          evidence,
          remedy: `Add to the module: output "${output}" { value = aws_sqs_queue.<yours>.name }; or take addons.karpenter.interruptionQueueOutput out of the estate.`,
        },
      ];
    });
  },
};

/** Whether a file of the module's folder has the block, in Terraform's language or its JSON form. */
async function declaresOutput(folder: string, output: string): Promise<boolean> {
  try {
    const files = (await readdir(folder)).filter((name) => /\.(tf|tofu)(\.json)?$/.test(name));
    const texts = await Promise.all(files.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
    return texts.some(({ name, text }) => (name.endsWith('.json') ? inJson(text, output) : inBlocks(text, output)));
  } catch (cause) {
    throw new EksDrError('input-unreadable', {
      message: `The Terraform module ${folder} can't be read: ${reasonOf(cause)}.`,
      target: folder,
      cause,
    });
  }
}

function inBlocks(text: string, output: string): boolean {
  return [...text.matchAll(/^\s*output\s+"?([\w-]+)"?\s*\{/gm)].some(([, name]) => name === output);
}

function inJson(text: string, output: string): boolean {
  const { output: outputs } = JSON.parse(text) as { readonly output?: unknown };
  const all = Array.isArray(outputs) ? outputs : [outputs];
  return all.some((one) => typeof one === 'object' && one !== null && Object.hasOwn(one, output));
}
