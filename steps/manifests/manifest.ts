import type { KubernetesType } from '../clients/kubernetes.ts';
import type { JsonObject } from '../kit/json.ts';

/** Where a manifest stands: the file as the estate names it, which of its documents, and the line where that begins. */
export interface ManifestPlace {
  readonly file: string;
  /** From 1. */
  readonly document: number;
  /** From 1. */
  readonly line: number;
}

/** One Kubernetes object as a file wants it, its placeholders replaced. */
export interface Manifest extends KubernetesType {
  readonly place: ManifestPlace;
  readonly name: string;
  /** '' where the file names none. */
  readonly namespace: string;
  /** All of it but apiVersion, kind, metadata.name and metadata.namespace. */
  readonly body: JsonObject;
}

export function placeText({ file, document, line }: ManifestPlace): string {
  return `${file}, document ${document}, line ${line}`;
}
