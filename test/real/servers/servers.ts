import { argocdApplicationController, argocdRepoServer, argocdServer } from './list/argocd.ts';
import { ministack, ministackAuth, moto } from './list/aws.ts';
import { etcd } from './list/etcd.ts';
import { git } from './list/git.ts';
import { kubeApiServer } from './list/kube-apiserver.ts';
import { kubeControllerManager, kubeScheduler } from './list/kube-components.ts';
import { kwok } from './list/kwok.ts';
import { openbao } from './list/openbao.ts';
import { redis } from './list/redis.ts';
import { tokenWebhook } from './list/token-webhook.ts';
import type { PartName } from './part.ts';
import type { ClusterName, Server } from './server.ts';

function cluster(name: ClusterName): Server[] {
  return [etcd(name), kubeApiServer(name), kubeControllerManager(name), kubeScheduler(name), kwok(name)];
}

/** The servers of each part, in the order in which they come. */
export const SERVERS: Readonly<Record<PartName, readonly Server[]>> = {
  ministack: [ministack],
  ministackAuth: [ministackAuth],
  moto: [moto],
  kubernetes: [tokenWebhook, ...cluster('primary'), ...cluster('recovery')],
  argocd: [redis, git, argocdRepoServer, argocdServer, argocdApplicationController],
  openbao: [openbao],
};

/** What another part must be there for. */
export const PART_NEEDS: Readonly<Partial<Record<PartName, readonly PartName[]>>> = {
  argocd: ['kubernetes'],
};
