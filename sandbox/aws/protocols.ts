import type { SandboxResponse } from '../system.ts';
import type { AwsFault } from './fault.ts';
import { queryError } from './query.ts';
import { requestId } from './request-id.ts';
import { jsonError } from './rest-json.ts';
import { renderXml, type XmlValue } from './xml.ts';

export type Protocol = 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 's3';

interface ServiceProtocol {
  readonly protocol: Protocol;
  readonly xmlns: string;
}

/** By the service name of the credential scope. */
export const protocols: Readonly<Record<string, ServiceProtocol>> = {
  sts: { protocol: 'query', xmlns: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  iam: { protocol: 'query', xmlns: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  elasticloadbalancing: { protocol: 'query', xmlns: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/' },
  ec2: { protocol: 'ec2', xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/' },
  eks: { protocol: 'rest-json', xmlns: '' },
  apigateway: { protocol: 'rest-json', xmlns: '' },
  route53: { protocol: 'rest-xml', xmlns: 'https://route53.amazonaws.com/doc/2013-04-01/' },
  cloudfront: { protocol: 'rest-xml', xmlns: 'http://cloudfront.amazonaws.com/doc/2020-05-31/' },
  s3: { protocol: 's3', xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/' },
};

export function protocolOf(service: string): Protocol {
  return protocols[service]?.protocol ?? 'query';
}

function xmlError(status: number, body: string): SandboxResponse {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId() }, body };
}

/** An error in the shape of the service's protocol. */
export function errorResponse(service: string, fault: AwsFault): SandboxResponse {
  const { status, code, message } = fault;
  const xmlns = protocols[service]?.xmlns ?? '';
  switch (protocolOf(service)) {
    case 'rest-json':
      return jsonError(code, status, message, fault.members);
    case 'ec2': {
      const error = renderXml({ Errors: { Error: { Code: code, Message: message } }, RequestID: requestId() });
      return xmlError(status, `<?xml version="1.0" encoding="UTF-8"?>\n<Response>${error}</Response>`);
    }
    case 's3': {
      const members = fault.members as Record<string, XmlValue>;
      const error = renderXml({ Code: code, Message: message, ...members, RequestId: requestId() });
      return { ...xmlError(status, `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}</Error>`) };
    }
    default:
      return queryError(xmlns, status, code, message);
  }
}
