const API = 'https://docs.aws.amazon.com/AmazonS3/latest/API';
const GUIDE = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';

/** Where AWS documents what is asserted here. */
export const PUT = `${API}/API_PutObject.html`;
export const GET = `${API}/API_GetObject.html`;
export const DELETE = `${API}/API_DeleteObject.html`;
export const LIST = `${API}/API_ListObjectsV2.html`;
export const HEAD_BUCKET = `${API}/API_HeadBucket.html`;
export const ERRORS = `${API}/ErrorResponses.html`;
export const CONDITIONAL_WRITES = `${GUIDE}/conditional-writes.html`;
export const CONDITIONAL_READS = `${GUIDE}/conditional-reads.html`;
export const CONDITIONAL_DELETES = `${GUIDE}/conditional-deletes.html`;
export const REDIRECTS = `${GUIDE}/Redirects.html`;
export const CONSISTENCY = `${GUIDE}/Welcome.html#ConsistencyModel`;
