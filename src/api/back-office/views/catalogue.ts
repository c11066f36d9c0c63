import type { View } from './view';

export const CATALOGUE_VIEWS: Readonly<Record<string, View>> = {
  'api::product.product': {
    mainField: 'name',
    sortBy: 'updatedAt',
    order: 'DESC',
    pageSize: 20,
    list: [
      'mainImages',
      'name',
      'category',
      'brand',
      'price',
      'isActive',
      'isSales',
      'salesCount',
      'source',
      'updatedAt',
    ],
    edit: [
      [
        ['name', 8],
        ['productModel', 4],
      ],
      [
        ['category', 4],
        ['brand', 4],
        ['price', 4],
      ],
      [
        ['isActive', 4],
        ['isSales', 4],
        ['noSalesReason', 4],
      ],
      [
        ['mainImages', 6],
        ['detailImages', 6],
      ],
      [['description', 12]],
      [['specifications', 12]],
      [
        ['supplyPrice', 4],
        ['invoicePrice', 4],
        ['marketPrice', 4],
      ],
      [
        ['stockRebate', 4],
        ['rebateMoney', 4],
      ],
      [
        ['source', 4],
        ['productCode', 4],
        ['productGroup', 4],
      ],
      [
        ['salesCount', 3],
        ['viewCount', 3],
        ['lastSyncAt', 3],
        ['offSaleBySync', 3],
      ],
    ],
    relations: { category: 'name', brand: 'name' },
    locked: ['salesCount', 'viewCount', 'lastSyncAt', 'offSaleBySync'],
    bulkable: true,
  },
  'api::category.category': {
    mainField: 'name',
    sortBy: 'order',
    pageSize: 50,
    list: ['logo', 'name', 'level', 'parent', 'order', 'updatedAt'],
    edit: [
      [
        ['name', 8],
        ['order', 4],
      ],
      [
        ['level', 6],
        ['parent', 6],
      ],
      [
        ['logo', 6],
        ['children', 6],
      ],
    ],
    relations: { parent: 'name', children: 'name' },
    bulkable: true,
  },
  'api::brand.brand': {
    mainField: 'name',
    sortBy: 'order',
    pageSize: 50,
    list: ['logo', 'name', 'order', 'isActive', 'updatedAt'],
    edit: [
      [
        ['name', 8],
        ['order', 4],
      ],
      [
        ['logo', 6],
        ['isActive', 6],
      ],
      [['description', 12]],
    ],
    bulkable: true,
  },
  'api::discount.discount': {
    mainField: 'name',
    sortBy: 'updatedAt',
    order: 'DESC',
    pageSize: 20,
    list: [
      'name',
      'kind',
      'value',
      'appliesTo',
      'audience',
      'minQuantity',
      'startsAt',
      'endsAt',
      'priority',
      'isActive',
    ],
    edit: [
      [
        ['name', 8],
        ['isActive', 4],
      ],
      [
        ['kind', 4],
        ['value', 4],
        ['minQuantity', 4],
      ],
      [
        ['startsAt', 4],
        ['endsAt', 4],
        ['priority', 4],
      ],
      [
        ['appliesTo', 6],
        ['audience', 6],
      ],
      [
        ['products', 6],
        ['categories', 6],
      ],
      [['users', 12]],
    ],
    relations: { products: 'name', categories: 'name', users: 'username' },
    bulkable: true,
  },
};
