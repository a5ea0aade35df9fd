import { compressBundle, packBundle, readBundleFolder } from '../../pipeline/jenkins/bundle.ts';

export interface BundleSize {
  readonly files: number;
  readonly bytes: number;
  readonly compressedBytes: number;
}

/** The compiled steps, packed and compressed as they travel in the Jenkins library. */
export async function measureBundle(dist: string): Promise<BundleSize> {
  const files = await readBundleFolder(dist, '', (path) => /^steps\/.+\.js$/.test(path));
  return {
    files: files.length,
    bytes: files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0),
    compressedBytes: compressBundle(packBundle(files)).length,
  };
}
