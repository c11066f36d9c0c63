import type { HostileRequest } from './hostile-client';
import type { HostileWorld } from './hostile-world';

/** A request to the admin panel's server that must be refused, or at least not be a defect. */
export interface PanelAttack {
  name: string;
  /** Strapi may take it as something harmless. */
  isHarmless?: true;
  request: Omit<HostileRequest, 'token'>;
}

const MODELS = {
  product: 'api::product.product',
  category: 'api::category.category',
  brand: 'api::brand.brand',
  discount: 'api::discount.discount',
} as const;
type Model = keyof typeof MODELS;
export const documentsOf = (model: Model): string => `/content-manager/collection-types/${MODELS[model]}`;

let serial = 0;
const fresh = (): string => `hostile-${(serial += 1)}-${Date.now()}`;
const rightBody = (model: Model): Record<string, unknown> =>
  ({
    product: {
      name: fresh(),
      price: 1,
      source: 'local',
      productCode: fresh(),
      isActive: true,
      isSales: true,
    },
    category: { name: fresh(), level: 'major' },
    brand: { name: fresh() },
    discount: { name: fresh(), kind: 'amount', value: 1, isActive: false },
  })[model];

/** Texts of each type, those that must be unique among them. */
const TEXTS: Record<Model, string[]> = {
  product: ['productCode', 'name', 'description', 'productModel', 'productGroup', 'noSalesReason', 'source'],
  category: ['name', 'level'],
  brand: ['name', 'description'],
  discount: ['name', 'kind'],
};
const NUL = ['"x\\u0000y"', '"\\u0000"', '"\\ud83d"', '"\\u0007"'];
/** Relations in every form Strapi takes and a few it does not. */
const RELATIONS = [
  '"x\\u0000y"',
  '{"documentId":"\\u0000"}',
  '{"connect":[{"documentId":"x\\u0000y"}]}',
  '{"set":["\\u0000"]}',
  '{"disconnect":[{"id":"\\ud83d"}]}',
  '{"connect":[{"documentId":"zzzzzzzzzzzzzzzzzzzzzzzz"}]}',
  '{"connect":[{"id":999999999}]}',
  '{"connect":[{"id":99999999999999}]}',
  '{"connect":[{"id":"abc"}]}',
  '{"set":[{"documentId":"zzzzzzzzzzzzzzzzzzzzzzzz"}]}',
  '{"set":"text"}',
  '{"connect":"text"}',
  '"zzzzzzzzzzzzzzzzzzzzzzzz"',
  '999999999',
  '{"connect":[{"documentId":{"$ne":""}}]}',
];
const OTHERS: Partial<Record<Model, Record<string, string[]>>> = {
  product: {
    price: ['1e30', '-1', '1e400', '"abc"', 'null', '{}', '[]', '"1; drop table products"', '1.001'],
    supplyPrice: ['1e30', '1e400', '"x"', '{}'],
    specifications: ['"{\\"a\\":\\"\\\\u0000\\"}"', '{"a":"\\u0000"}', '{"a\\u0000":1}'],
    lastSyncAt: [
      '"yesterday"',
      '"2026-13-45"',
      '1e30',
      '{}',
      '"0000-00-00T00:00:00Z"',
      '"+275760-09-13T00:00:00Z"',
      '"-000001-01-01T00:00:00Z"',
    ],
    isActive: ['"maybe"', '7', '{}', '[]'],
    category: RELATIONS,
    brand: RELATIONS,
    mainImages: ['[999999999]', '["x"]', '"x\\u0000"', '{"id":1}', '[{"id":"abc"}]', '99999999999999'],
    locale: ['"x\\u0000y"', '"xx"', '{}'],
    documentId: ['"x\\u0000y"'],
    id: ['"abc"', '1e30'],
    createdBy: ['999999999', '"x\\u0000"'],
    noSuchField: ['1', '"\\u0000"'],
    name: ['null', '1', '[]', '{}', `"${'x'.repeat(300)}"`, '"constructor"'],
  },
  category: {
    parent: RELATIONS,
    order: ['1e30', '"abc"', '1.5', '99999999999'],
    level: ['"constructor"', '"__proto__"', '"toString"', '{}', '1'],
    name: ['null', '1', `"${'长'.repeat(300)}"`],
  },
  brand: {
    order: ['1e30', '"abc"', '99999999999'],
    logo: ['999999999', '"x"', '{"id":"abc"}'],
    name: ['null', '{}', `"${'x'.repeat(300)}"`],
    isActive: ['"x"'],
  },
  discount: {
    value: ['1e30', '-1', '1e400', '"abc"', 'null'],
    minQuantity: ['0', '-1', '1.5', '1e30', '99999999999'],
    startsAt: ['"yesterday"', '1e30', '{}'],
    priority: ['1e30', '99999999999'],
    products: RELATIONS.filter((_, turn) => turn % 3 === 0),
    categories: RELATIONS.filter((_, turn) => turn % 3 === 1),
    users: RELATIONS.filter((_, turn) => turn % 3 === 2),
  },
};

const withField = (body: Record<string, unknown>, field: string, source: string): string => {
  const others = Object.entries(body).filter(([name]) => name !== field);
  return `{${[...others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`), `${JSON.stringify(field)}:${source}`].join(',')}}`;
};

/** Every field of what staff write, with every value that is wrong for it. */
export function panelFieldAttacks(world: HostileWorld): PanelAttack[] {
  return (Object.keys(MODELS) as Model[]).flatMap((model) => {
    const fields: [string, string[]][] = [
      ...TEXTS[model].map((field): [string, string[]] => [field, NUL]),
      ...Object.entries(OTHERS[model] ?? {}),
    ];
    const path = documentsOf(model);
    const known = {
      product: world.ids.products,
      category: world.ids.categories,
      brand: world.ids.brands,
      discount: undefined,
    }[model];
    return fields.flatMap(([field, values]) =>
      values.map((value, turn) => {
        const name = `${model}.${field} = ${value.slice(0, 50)}`;
        // What is read as text must be refused; of numbers, days and relations Strapi has its own idea.
        const harmless =
          /\\u|\\ud83d/.test(value) && !value.includes('\\\\') ? {} : { isHarmless: true as const };
        return known === undefined || turn % 2 === 0
          ? {
              name: `creates ${name}`,
              ...harmless,
              request: { method: 'POST', path, body: withField(rightBody(model), field, value) },
            }
          : {
              name: `updates ${name}`,
              ...harmless,
              request: {
                method: 'PUT',
                path: `${path}/${known}`,
                body: `{${JSON.stringify(field)}:${value}}`,
              },
            };
      }),
    );
  });
}
