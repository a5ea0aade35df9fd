import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';

const CERTIFICATE = /^arn:aws[a-z-]*:(?:acm|iam):([a-z0-9-]*):(\d{12}):(?:certificate|server-certificate)\/.+$/;
/** `*`, `*.domain` or a host name, each with a namespace before it where only services of that one may be meant. */
const HOST = /^((\*|\.|~|[a-z0-9-]+)\/)?(\*|(\*\.)?([a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?)$/;

/** The certificates lie where the load balancer will be, and the host names are such as a Gateway takes. */
export const istioIngress: Check = {
  id: 'istio-ingress',
  title: 'Certificates and host names of the ingress fit the target',
  async run({ estate, run }) {
    const { istio } = estate.addons;
    const target = estate.targets[run.target];
    if (istio === undefined || target === undefined) return [];
    return [
      ...istio.certificateArns.flatMap((arn) => certificateFinding(arn, target) ?? []),
      ...istio.hosts.filter((host) => !HOST.test(host)).map(badHost),
    ];
  },
};

function certificateFinding(arn: string, target: { readonly region: string; readonly accountId: string }): Finding | null {
  const found = CERTIFICATE.exec(arn);
  const [, region, account] = found ?? [];
  const evidence = `addons.istio.certificateArns: ${arn}`;
  const wrong =
    found === null
      ? 'is no certificate of ACM or IAM'
      : region !== '' && region !== target.region
        ? `lies in ${region}, but the load balancer will be in ${target.region}`
        : account !== target.accountId
          ? `belongs to the account ${account}, but the load balancer will be in ${target.accountId}`
          : null;
  if (wrong === null) return null;
  const remedy = `Request or import a certificate for the same names in ${target.region} (ACM keeps one per region), and name it in addons.istio.certificateArns.`;
  return { severity: 'blocker', message: `The certificate ${arn} ${wrong}.`, evidence, remedy };
}

function badHost(host: string): Finding {
  return {
    severity: 'blocker',
    message: `${JSON.stringify(host)} is no host that a Gateway takes.`,
    evidence: 'addons.istio.hosts',
    remedy: 'Write a host name in lower case, *.domain for all below a domain, or * for all.',
  };
}
