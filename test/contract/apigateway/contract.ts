import { defineContract } from '../contract.ts';
import { ministackAws, sandboxAws } from '../subjects/aws.ts';
import { ifOpened } from '../subjects/if-opened.ts';
import { domains } from './domains.ts';
import { http } from './http.ts';
import { rest } from './rest.ts';
import { type Gateway, openedGateway } from './subject.ts';
import { vpcLinks } from './vpc-links.ts';
import { webSocket } from './websocket.ts';

export const apiGateway = defineContract<Gateway>({
  system: 'API Gateway',
  sandbox: async () => openedGateway(await sandboxAws()),
  referees: { ministack: async (running) => ifOpened(await ministackAws(running), openedGateway) },
  assertions: [...rest, ...http, ...webSocket, ...vpcLinks, ...domains],
});
