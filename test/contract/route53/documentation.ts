const API = 'https://docs.aws.amazon.com/Route53/latest/APIReference';
const GUIDE = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** Where AWS documents what is asserted here. */
export const CHANGE = `${API}/API_ChangeResourceRecordSets.html`;
export const LIST = `${API}/API_ListResourceRecordSets.html`;
export const RECORD_SET = `${API}/API_ResourceRecordSet.html`;
export const ALIAS = `${API}/API_AliasTarget.html`;
export const ZONES_BY_NAME = `${API}/API_ListHostedZonesByName.html`;
export const ZONES = `${API}/API_ListHostedZones.html`;
export const CREATE_ZONE = `${API}/API_CreateHostedZone.html`;
export const DELETE_ZONE = `${API}/API_DeleteHostedZone.html`;
export const TAGS = `${API}/API_ChangeTagsForResource.html`;
export const HEALTH_CHECKS = `${API}/API_CreateHealthCheck.html`;
export const UPDATE_HEALTH_CHECK = `${API}/API_UpdateHealthCheck.html`;
export const TAGS_OF_SEVERAL = `${API}/API_ListTagsForResources.html`;
export const QUOTAS = `${GUIDE}/DNSLimitations.html`;
export const NAME_FORMAT = `${GUIDE}/DomainNameFormat.html`;
export const TYPES = `${GUIDE}/ResourceRecordTypes.html`;
export const APEX = `${GUIDE}/SOA-NSrecords.html`;
/** What Route 53 answers, with a set identifier, as a client of it prints it. */
export const BATCH_PROBLEMS = 'https://github.com/barnybug/cli53/issues/317';
