const API = 'https://docs.aws.amazon.com/cloudfront/latest/APIReference';
const GUIDE = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';

/** Where AWS documents what is asserted here. */
export const CREATE = `${API}/API_CreateDistribution.html`;
export const GET = `${API}/API_GetDistribution.html`;
export const UPDATE = `${API}/API_UpdateDistribution.html`;
export const LIST = `${API}/API_ListDistributions.html`;
export const TAG = `${API}/API_TagResource.html`;
export const CREATE_VPC_ORIGIN = `${API}/API_CreateVpcOrigin.html`;
export const DELETE_VPC_ORIGIN = `${API}/API_DeleteVpcOrigin.html`;
export const UPDATE_VPC_ORIGIN = `${API}/API_UpdateVpcOrigin.html`;
export const BY_VPC_ORIGIN = `${API}/API_ListDistributionsByVpcOriginId.html`;
export const VPC_ORIGINS = `${GUIDE}/private-content-vpc-origins.html`;
export const ORIGIN = `${API}/API_Origin.html`;
export const ORIGIN_GROUPS = `${API}/API_OriginGroupMembers.html`;
