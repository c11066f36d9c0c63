/** Orders at YLH in every state staff meet, made the way they come about. */
import { YLH_PATHS } from '../../../sandbox';
import { documents, PRODUCT_UID } from '../../support/factories/catalogue';
import { payAtWechat, placeOrder, startPaying } from '../../support/factories/orders';
import { until } from '../../support/haier-tokens';
import type { HaierShop } from './shop';

export interface HaierOrderMade {
  id: string;
  number: string;
}

/** Puts a product a sync has brought on sale, as staff do after they have set a price. */
export async function putOnSale({ app }: HaierShop, productCode: string, name: string): Promise<string> {
  const product = (await app.strapi.db
    .query(PRODUCT_UID)
    .findOne({ where: { productCode, locale: 'zh-Hans' } })) as { documentId: string } | null;
  if (product === null) throw new Error(`no sync has brought ${productCode}`);
  const { documentId } = product;
  await documents(app, PRODUCT_UID).update({ documentId, data: { name, price: 3_499, isActive: true } });
  return documentId;
}

/** A paid order that has been pushed, or not, and of which YLH has said what it was told to say. */
export async function orderAtYlh(
  { app, buyer }: HaierShop,
  product: string,
  fate: 'confirm' | 'refuse' | 'out-of-stock' | 'push-refused',
  message?: string,
): Promise<HaierOrderMade> {
  const { control } = app.sandbox;
  if (fate === 'push-refused')
    control.addFault({
      ...{ kind: 'business', host: 'ylh', path: YLH_PATHS.create, times: 1 },
      ...{ code: 'E4001', message: message ?? '收货地址不在配送范围内' },
    });
  else control.ylh.script({ outcome: fate, message });
  const order = await placeOrder(app, buyer, product);
  const { payParams } = await startPaying(app, buyer, { order: order.documentId });
  await payAtWechat(app, buyer, payParams);
  const expected = {
    confirm: 'confirmed',
    refuse: 'confirm_refused',
    'out-of-stock': 'out_of_stock',
    'push-refused': 'push_failed',
  }[fate];
  await until(async () => {
    await app.drain();
    await control.idle();
    const row = (await app.strapi.db
      .connection('orders')
      .where({ document_id: order.documentId })
      .first()) as {
      haier_status: string;
    };
    return row.haier_status === expected;
  });
  return { id: order.documentId, number: order.orderNumber };
}
