/** All connectors: one line each. The name is the last part of `/webhooks/{connector}`. */
import type { Connector } from './connector.ts';
import { generic } from './generic.ts';
import { shopify } from './shopify.ts';

const connectors: readonly Connector[] = [
  shopify, //
  generic,
];

export const connectorNamed = (name: string): Connector | undefined => connectors.find((connector) => connector.name === name);
