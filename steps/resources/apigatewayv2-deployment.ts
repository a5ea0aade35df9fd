import { defineDriver } from '../kit/driver.ts';
import { deploymentDriver } from './gateway-deployment.ts';

/** What a stage of an HTTP API serves that does not deploy by itself. */
export const apigatewayv2Deployment = defineDriver(deploymentDriver('apigatewayv2.deployment', 'deployment of an HTTP API'));
