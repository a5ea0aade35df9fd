import { defineDriver } from '../kit/driver.ts';
import { deploymentDriver } from './gateway-deployment.ts';

/** What a stage of a REST API serves. One deployment takes five seconds of the account's allowance. */
export const apigatewayDeployment = defineDriver(deploymentDriver('apigateway.deployment', 'deployment of a REST API'));
