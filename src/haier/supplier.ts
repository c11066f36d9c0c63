/** Who hands the shop's Haier orders on: the plugin. */
import type { Core } from '@strapi/strapi';

import type { Supplier } from '../api/haier-order/supplier';
import type { HaierOperations } from '../plugins/haier-integration/server/src/operations';
import { PLUGIN_ID } from '../plugins/haier-integration/server/src/constants';

/** The plugin's operations, whose shape is what the shop asks for. */
export const supplierOf = (strapi: Core.Strapi): Supplier =>
  strapi.plugin(PLUGIN_ID).service<HaierOperations>('operations');
