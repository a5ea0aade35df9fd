import type { Owner } from '../kit/resource.ts';
import type { StageContent } from './stage-content.ts';

/** A stage, and the deployment that it serves. */
export interface GatewayStage {
  readonly name: string;
  readonly deployment: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Why nothing may be published on it now; else null. */
  readonly busy: string | null;
  /** It publishes every edit by itself. */
  readonly autoDeploy: boolean;
}

export interface GatewayDeployment {
  readonly id: string;
  readonly description: string;
}

/** An integration with what finds it again. */
export interface GatewayIntegration {
  /** As its driver takes it, without region and API. */
  readonly id: Readonly<Record<string, string>>;
  readonly label: string;
  readonly uri: string;
  readonly connection: string;
  readonly target: string;
}

/** An API of any kind, as its stages and integrations are read and published. */
export interface GatewayApiClient {
  readonly kind: 'rest' | 'http' | 'websocket';
  readonly name: string;
  /** By the tags on the API. */
  readonly owner: Owner;
  integrations(): Promise<GatewayIntegration[]>;
  stages(): Promise<GatewayStage[]>;
  /** Newest last. */
  deployments(): Promise<GatewayDeployment[]>;
  /** What a stage serves; null where API Gateway doesn't tell: of WebSocket APIs. */
  live(stage: GatewayStage): Promise<StageContent | null>;
  /** What the API says. */
  current(): Promise<StageContent>;
  deploy(stage: string, description: string): Promise<void>;
  /** Has a stage serve a deployment that is there. */
  point(stage: string, deployment: string): Promise<void>;
  remove(deployment: string): Promise<void>;
}
