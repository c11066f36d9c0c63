/** The catalogue, as the plugin `haier-integration` asks for it. */
import {
  applyFeedUpdates,
  listHaierCodes,
  listMappingTargets,
  takeHaierGoodsOffSale,
} from '../api/product/services/haier-catalogue';
import type { CataloguePort } from '../plugins/haier-integration/server/src/ports';

export const cataloguePort: CataloguePort = {
  apply: applyFeedUpdates,
  listCodes: listHaierCodes,
  takeOffSale: takeHaierGoodsOffSale,
  listBrands: () => listMappingTargets('brand'),
  listCategories: () => listMappingTargets('category'),
};
