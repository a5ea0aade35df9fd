const SECRET_NAMES = /SECRET|TOKEN|_KEY$/;
// Public halves: AWS shows access key ids in its own errors.
const PUBLIC = ['AWS_ACCESS_KEY_ID'];
const SHAPES: Readonly<Record<string, RegExp>> = { 'a signature': /X-Amz-Signature=/i, 'an EKS token': /k8s-aws-v1\.\w/ };

/** The names of the secrets of an environment, and of shapes that only secrets have, that a text holds. */
export function secretsIn(text: string, environment: Readonly<Record<string, string>>): string[] {
  const held = Object.entries(environment).filter(
    ([name, value]) => SECRET_NAMES.test(name) && !PUBLIC.includes(name) && value !== '' && text.includes(value),
  );
  return [...held.map(([name]) => name), ...Object.keys(SHAPES).filter((name) => SHAPES[name]?.test(text) === true)];
}
