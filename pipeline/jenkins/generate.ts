import type { Estate } from '../../steps/estate/estate.ts';
import { formatJson } from '../../steps/kit/atomic-file.ts';
import { compareText } from '../../steps/kit/text.ts';
import { type BundleFile, compressBundle, packBundle } from './bundle.ts';
import { buildModel } from './model.ts';
import { compareOutput, type Difference, manifestFile, type OutputFile, refuseForeignFiles, writeOutput } from './output.ts';
import { renderModel } from './render.ts';
import { jenkinsSettings } from './settings.ts';
import type { JenkinsStep } from './steps.ts';
import { verifyModel } from './verify.ts';

export interface GenerateOptions {
  readonly estate: Estate;
  /** The estate file as it stands; it travels along for people to read. */
  readonly estateText: string;
  /** What the estate names by paths relative to itself: the Terraform module, the last good inventory. Paths are relative to the estate file. */
  readonly estateFiles?: readonly BundleFile[];
  readonly steps: readonly JenkinsStep[];
  /** The compiled program: `steps/<id>.js`, `jenkins/state.js` and the chunks beside them, under their paths in dist/. */
  readonly stepFiles: readonly BundleFile[];
  readonly out: string;
  /** Compares only. */
  readonly check: boolean;
  /** Name and version of this program. */
  readonly tool: string;
  /** Unchecked; see `jenkinsSettings`. */
  readonly settings?: unknown;
}

export interface Generated {
  /** What differed: written, or with `check` reported only. */
  readonly differences: readonly Difference[];
  /** For `--check`: 1 when something differs. */
  readonly exitStatus: 0 | 1;
  readonly bundleDigest: string;
}

/** Writes the shared-library repository for Jenkins, or compares it. Throws `input-invalid`, or `conflict` before it overwrites foreign files. */
export async function generateJenkins(options: GenerateOptions): Promise<Generated> {
  const { out, check, tool } = options;
  const { files, bundleDigest } = await jenkinsFiles(options);
  const all = [...files, manifestFile(files, tool)];
  const differences = await compareOutput(out, all);
  if (check) return { differences, exitStatus: differences.length === 0 ? 0 : 1, bundleDigest };
  await refuseForeignFiles(out, differences);
  await writeOutput(out, all, differences);
  return { differences, exitStatus: 0, bundleDigest };
}

type Inputs = Pick<GenerateOptions, 'estate' | 'estateText' | 'estateFiles' | 'steps' | 'stepFiles' | 'tool' | 'settings'>;

/** Every file of the repository but the manifest. */
export async function jenkinsFiles(inputs: Inputs): Promise<{ readonly files: readonly OutputFile[]; readonly bundleDigest: string }> {
  const { estate, estateText, estateFiles = [], steps, stepFiles, tool } = inputs;
  const estateJson = formatJson(estate);
  const bundle = packBundle([
    ...stepFiles,
    // The steps are ES modules, and no package.json stands beside them otherwise.
    { path: 'package.json', content: formatJson({ private: true, type: 'module' }) },
    ...estateFiles.map(({ path, content }) => ({ path: `estate/${path}`, content })),
    { path: 'estate/estate.json', content: estateJson },
  ]);
  const settings = jenkinsSettings.parse(inputs.settings ?? {});
  const model = buildModel({ estate, steps, settings, tool, bundleDigest: bundle.digest });
  verifyModel(model);
  const files: OutputFile[] = [
    ...(await renderModel(model)),
    { path: 'resources/eks-dr/bundle.tgz', content: compressBundle(bundle) },
    { path: 'resources/eks-dr/estate.json', content: estateJson },
    { path: 'resources/eks-dr/estate.yaml', content: estateText },
  ];
  return { files: files.toSorted((a, b) => compareText(a.path, b.path)), bundleDigest: bundle.digest };
}
