const V1 = 'https://docs.aws.amazon.com/apigateway/latest/api';
const V2 = 'https://docs.aws.amazon.com/apigatewayv2/latest/api-reference';
const GUIDE = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

/** Where AWS documents what is asserted here. */
export const PATCHES = `${V1}/patch-operations.html`;
export const RESOURCES = `${V1}/API_GetResources.html`;
export const PUT_INTEGRATION = `${V1}/API_PutIntegration.html`;
export const UPDATE_INTEGRATION = `${V1}/API_UpdateIntegration.html`;
export const STAGE = `${V1}/API_UpdateStage.html`;
export const DEPLOYMENT = `${V1}/API_CreateDeployment.html`;
export const DELETE_DEPLOYMENT = `${V1}/API_DeleteDeployment.html`;
export const EXPORT = `${V1}/API_GetExport.html`;
export const VPC_LINK = `${V1}/API_CreateVpcLink.html`;
export const TAGS = `${V1}/API_TagResource.html`;
export const DEPLOYING = `${GUIDE}/how-to-deploy-api.html`;
export const PRIVATE = `${GUIDE}/set-up-private-integration.html`;
export const QUOTAS = `${GUIDE}/limits.html`;
export const VPC_LINK_V2 = `${GUIDE}/http-api-vpc-links.html`;
export const AUTO_DEPLOY = `${GUIDE}/http-api-stages.html`;
export const WEBSOCKET_DEPLOYING = `${GUIDE}/apigateway-set-up-websocket-deployment.html`;
export const WEBSOCKET_PRIVATE =
  'https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/websocket-api.html';
export const HTTP_ROUTE = `${V2}/apis-apiid-routes-routeid.html`;
export const HTTP_INTEGRATION = `${V2}/apis-apiid-integrations-integrationid.html`;
export const HTTP_DEPLOYMENT = `${V2}/apis-apiid-deployments.html`;
export const HTTP_STAGE = `${V2}/apis-apiid-stages-stagename.html`;
export const HTTP_EXPORT = `${V2}/apis-apiid-exports-specification.html`;
export const DOMAIN = `${V2}/domainnames-domainname.html`;
export const DOMAINS = `${V2}/domainnames.html`;
export const MAPPINGS = `${V2}/domainnames-domainname-apimappings.html`;
export const REGIONAL_DOMAIN = `${GUIDE}/apigateway-regional-api-custom-domain-create.html`;
