const STS = 'https://docs.aws.amazon.com/STS/latest/APIReference';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** Where AWS documents what is asserted here. */
export const COMMON_ERRORS = `${STS}/CommonErrors.html`;
export const ASSUME_ROLE = `${STS}/API_AssumeRole.html`;
export const CALLER_IDENTITY = `${STS}/API_GetCallerIdentity.html`;
export const DENIALS = `${IAM}/troubleshoot_access-denied.html`;
export const PRESIGNED = `${IAM}/reference_sigv-create-signed-request.html`;
export const EC2_ERRORS = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html';
export const EKS_ERRORS = 'https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html';
export const S3_ERRORS = 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';
/** Why a token of EKS lasts 15 minutes. */
export const AUTHENTICATOR = 'https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go';
