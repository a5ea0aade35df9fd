import type { Estate } from '../../steps/estate/estate.ts';
import { s3Location } from '../../steps/estate/s3-location.ts';

/** What people must look at before the new estate can be relied on, in the order of the file. */
export function reviewLines(estate: Estate): string[] {
  const { region, cluster } = estate.primary;
  const targets = Object.entries(estate.targets);
  const elsewhere = targets.filter(([, target]) => target.region !== region);
  return [
    ...targets.flatMap(([name, target]) => [
      ...(target.region === region
        ? [`targets.${name} lies in ${region}, beside the new primary: no way out when that region is lost.`]
        : []),
      ...(Object.keys(target.translations).length > 0
        ? [`targets.${name}.translations turn words of the former primary into others; the templates say those of ${cluster} now.`]
        : []),
    ]),
    ...(elsewhere.length === 0 ? [`No target lies in another region than ${region}: name one, such as that of the former primary.`] : []),
    ...(estate.targets[estate.defaultTarget]?.region === region
      ? [`defaultTarget is ${estate.defaultTarget}, which lies in ${region}.`]
      : []),
    ...(estate.terraform.backend.region === region
      ? [`terraform.backend lies in ${region}: the state of the next recovery would be lost with the primary.`]
      : []),
    ...(estate.inventory.lastGood !== undefined && s3Location(estate.inventory.lastGood) !== null
      ? [`The bucket of inventory.lastGood must not lie in ${region}.`]
      : []),
    ...estate.drill.zones.map(
      ({ name }) => `The records of the drill zone ${name} lead to the former load balancers: point them at those of ${cluster}.`,
    ),
  ];
}

/** What makes the new primary as recoverable as the old one was. */
export function preparations(estate: Estate, file: string): string[] {
  const { lastGood } = estate.inventory;
  return [
    `eks-dr inventory --estate ${file}${lastGood === undefined ? '' : ` --out ${lastGood}`}`,
    `eks-dr prepare --estate ${file}`,
    `eks-dr preflight --estate ${file} --mode recover`,
    `eks-dr generate --estate ${file} --out <the repository of the Jenkins library>`,
  ];
}
