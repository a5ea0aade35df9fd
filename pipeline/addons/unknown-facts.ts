/** What only a run, or the cluster that it makes, knows: the placeholders that stand for it, and what they stand for. */
export const unknownFacts = {
  run: ['<run>', 'the id of the run, such as recover-20270112-093512'],
  vpcId: ['<vpc-id>', 'the VPC of the new cluster'],
  endpoint: ['<endpoint>', 'the address of its API server'],
  replicas: ['<replicas>', '2, or 1 where the new cluster starts with a single node'],
  queue: ['<interruption-queue>', 'what the Terraform module gives as addons.karpenter.interruptionQueueOutput'],
  roleArn: ['<role-arn>', 'the IAM role that the run makes for this controller'],
} as const satisfies Readonly<Record<string, readonly [placeholder: string, meaning: string]>>;

export function placeholderFor(fact: keyof typeof unknownFacts): string {
  return unknownFacts[fact][0];
}

/** The placeholders that a text holds, each with its meaning. */
export function placeholdersIn(text: string): { readonly placeholder: string; readonly meaning: string }[] {
  return Object.values(unknownFacts)
    .filter(([placeholder]) => text.includes(placeholder))
    .map(([placeholder, meaning]) => ({ placeholder, meaning }));
}
