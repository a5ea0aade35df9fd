/** Region names with the prefix of their zone ids. */
const regions: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'apne1',
  'ap-south-1': 'aps1',
  'ap-southeast-1': 'apse1',
  'ap-southeast-2': 'apse2',
  'ca-central-1': 'cac1',
  'eu-central-1': 'euc1',
  'eu-north-1': 'eun1',
  'eu-south-1': 'eus1',
  'eu-west-1': 'euw1',
  'eu-west-2': 'euw2',
  'eu-west-3': 'euw3',
  'sa-east-1': 'sae1',
  'us-east-1': 'use1',
  'us-east-2': 'use2',
  'us-west-1': 'usw1',
  'us-west-2': 'usw2',
};

export const regionNames: readonly string[] = Object.keys(regions);

export interface Zone {
  /** `eu-west-1a`. */
  readonly name: string;
  /** `euw1-az1`. */
  readonly id: string;
}

/** The three availability zones of a region. */
export function zonesOf(region: string): Zone[] {
  const prefix = regions[region] ?? region;
  return ['a', 'b', 'c'].map((letter, index) => ({ name: `${region}${letter}`, id: `${prefix}-az${index + 1}` }));
}
