import { HAIER_PATHS } from '../../../sandbox';
import type { TestApp } from '../app';
import { makeProduct, unique } from './catalogue';

export interface HaierProduct {
  product: string;
  code: string;
}

/** A product Haier sells, with so many pieces in each of its warehouses. */
export async function makeHaierProduct(app: TestApp, ...pieces: number[]): Promise<HaierProduct> {
  const code = unique('HAIER');
  app.sandbox.control.haier.putProduct({ productCode: code });
  app.sandbox.control.haier.setStock({
    productCode: code,
    warehouses: pieces.map((stock, index) => ({
      secCode: `WH-${index}`,
      stock,
      warehouseGrade: index === 0 ? '0' : '1',
      timelinessData: {
        cutTime: '16:00',
        achieveUserOrderCut: '21:00',
        hour: 24 * (index + 1),
        isTranfer: '0',
      },
    })),
  });
  const { documentId } = await makeProduct(app, { source: 'haier', productCode: code, price: 3000 });
  return { product: documentId, code };
}

/** What Haier was asked about the stock of a product. */
export const stockQuestions = (app: TestApp, { code }: HaierProduct) =>
  app.sandbox.control
    .requests()
    .filter(({ path, body }) => path === HAIER_PATHS.stock && body.includes(code));

/** The shop's answer, as far as most tests look. */
export const codeOf = (answer: { status: number; body: { error?: { details: { code: string } } } }) => [
  answer.status,
  answer.body.error?.details.code,
];
