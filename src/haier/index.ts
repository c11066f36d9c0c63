/** Hands the plugin `haier-integration` what it needs of the shop, and the shop what it needs of the plugin. */
import type { Core } from '@strapi/strapi';

import { connectRegionTable } from '../api/address/region-table';
import { connectSupplierStock } from '../api/product/supplier-stock';
import { PLUGIN_ID } from '../plugins/haier-integration/server/src/constants';
import { getService } from '../plugins/haier-integration/server/src/plugin-services';
import { regionTable } from './region-table';
import { createSupplierStock } from './supplier-stock';

/** Called before the first request. Without the plugin nothing is connected: every district code is believed, Haier's goods cannot be ordered. */
export function connectHaier(strapi: Core.Strapi): void {
  if ((strapi.plugin(PLUGIN_ID) as object | undefined) === undefined) return;
  connectRegionTable(regionTable);
  connectSupplierStock(
    createSupplierStock({
      readStock: (productCode, countyCode) => getService('stockReader').read(productCode, countyCode),
    }),
  );
}
