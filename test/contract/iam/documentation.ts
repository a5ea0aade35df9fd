/** The page of the IAM API reference about an operation. */
export function operation(name: string): string {
  return `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${name}.html`;
}

export const QUOTAS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
export const GRAMMAR = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html';
export const PRINCIPAL = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html';
export const TAGS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html';
export const CONSISTENCY =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency';
