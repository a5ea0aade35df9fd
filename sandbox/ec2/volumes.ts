import { awsFault } from '../aws/fault.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { attachedTo } from './attachment.ts';
import { byIds, ec2Response, page, regionOf, required, tagSet } from './call.ts';
import { filterItems } from './filters.ts';

/** Volumes are made by the drivers of clusters, through no API that the sandbox serves; anybody may delete what nothing uses. */
export const volumeOperations: QueryOperations = {
  DescribeVolumes: {
    parameters: ['VolumeId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const status = (volume: { readonly instanceId: string | null }) =>
        attachedTo(region, volume, clock.now()) === null ? 'available' : 'in-use';
      const filtered = filterItems(call, byIds(call, 'VolumeId', region.volumes, 'InvalidVolume.NotFound'), {
        'volume-id': ({ id }) => id,
        status,
        'availability-zone': ({ zone }) => zone,
      });
      const { items, nextToken } = page(call, filtered);
      const views = items.map((volume) => ({
        volumeId: volume.id,
        size: String(volume.sizeGib),
        availabilityZone: volume.zone,
        status: status(volume),
        volumeType: 'gp3',
        encrypted: true,
        tagSet: tagSet(volume.tags),
      }));
      return ec2Response(call.action, { volumeSet: views, nextToken });
    },
  },
  DeleteVolume: {
    parameters: ['VolumeId', 'DryRun'],
    mutates: true,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const id = required(call, 'VolumeId');
      const volume = region.volumes[id];
      if (volume === undefined) throw awsFault(400, 'InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
      const user = attachedTo(region, volume, clock.now());
      if (user !== null) throw awsFault(400, 'VolumeInUse', `Volume ${id} is currently attached to ${user}`);
      delete region.volumes[id];
      return ec2Response(call.action, { return: true });
    },
  },
};
