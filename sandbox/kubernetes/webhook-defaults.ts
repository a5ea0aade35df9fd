import { type Fields, isFields, type KubeObject, listAt } from './object.ts';

/** What the API server adds to each webhook of a configuration; those that change objects have one field more. */
export function webhookDefaults(more: Fields): (configuration: KubeObject) => KubeObject {
  return (configuration) => {
    if (!Array.isArray(configuration.webhooks)) return configuration;
    const webhooks = configuration.webhooks.map((webhook) => (isFields(webhook) ? filled(webhook, more) : webhook));
    return { ...configuration, webhooks };
  };
}

function filled(webhook: Fields, more: Fields): Fields {
  const client = isFields(webhook.clientConfig) ? webhook.clientConfig : {};
  const clientConfig = isFields(client.service) ? { ...client, service: { port: 443, ...client.service } } : client;
  const rules = listAt(webhook, 'rules').map((rule) => (isFields(rule) ? { scope: '*', ...rule } : rule));
  return {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    ...more,
    ...webhook,
    ...(webhook.rules === undefined ? {} : { rules }),
    clientConfig,
  };
}
