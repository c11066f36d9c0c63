import {
  applyFeed,
  compareFacts,
  type FeedUpdate,
  NO_FACTS,
  proposedName,
  proposedPrice,
  UnusableFeed,
} from '../../src/api/product/haier/feed';

const product = (changes: Partial<NonNullable<FeedUpdate['product']>> = {}) => ({
  ...{ productModel: 'BCD-1', productGroup: '冰箱', brandName: '海尔' },
  ...{ mainImageUrl: 'https://pictures.test/1.jpg', pageImageUrls: [] as string[] },
  ...{ isOnSale: true, notOnSaleReason: null as string | null },
  ...{ brand: null as string | null, category: null as string | null },
  ...changes,
});
const price = (changes: Partial<NonNullable<FeedUpdate['price']>> = {}) => ({
  ...{ supplyPriceFen: 100_050 as number | null, invoicePriceFen: 95_000 as number | null },
  ...{ stockRebateRate: 0.055 as number | null, rebateMoneyFen: 1_000 as number | null },
  ...{ isOnSale: true as boolean | null, reason: null as string | null },
  ...changes,
});
const update = (parts: Omit<FeedUpdate, 'productCode'>): FeedUpdate => ({ productCode: 'P1', ...parts });
const OFF_BY_SYNC = { ...NO_FACTS, isSales: false, noSalesReason: '缺货', offSaleBySync: true };
const OFF_BY_STAFF = { ...NO_FACTS, isSales: false, noSalesReason: '样品', offSaleBySync: false };

describe('what the feed decides', () => {
  it('mistake 12: goes off sale when the list or the price says so, with Haier’s reason', () => {
    const reason = { isSales: false, offSaleBySync: true };
    expect(
      applyFeed(NO_FACTS, update({ product: product({ isOnSale: false, notOnSaleReason: '停产' }) })),
    ).toMatchObject({ ...reason, noSalesReason: '停产' });
    expect(
      applyFeed(NO_FACTS, update({ price: price({ isOnSale: false, reason: '商品暂不可采' }) })),
    ).toMatchObject({ ...reason, noSalesReason: '商品暂不可采' });
    expect(
      applyFeed(NO_FACTS, update({ price: price({ supplyPriceFen: null, reason: '价格未生效' }) })),
    ).toMatchObject({ ...reason, noSalesReason: '价格未生效' });
    expect(applyFeed(NO_FACTS, update({ product: product({ isOnSale: false }) })).noSalesReason).toBe(
      '海尔暂不可采',
    );
  });

  it('comes back only when list and price both say so, and only from where the sync put it', () => {
    const both = update({ product: product(), price: price() });
    expect(applyFeed(OFF_BY_SYNC, both)).toMatchObject({
      isSales: true,
      noSalesReason: null,
      offSaleBySync: false,
    });
    for (const half of [update({ product: product() }), update({ price: price() })])
      expect(applyFeed(OFF_BY_SYNC, half)).toMatchObject({ isSales: false, offSaleBySync: true });
    expect(applyFeed(OFF_BY_STAFF, both)).toMatchObject({ isSales: false, noSalesReason: '样品' });
  });

  it('leaves what staff took off sale alone, whatever Haier says', () => {
    const next = applyFeed(
      OFF_BY_STAFF,
      update({ product: product({ isOnSale: false, notOnSaleReason: 'x' }) }),
    );
    expect(next).toMatchObject({ isSales: false, noSalesReason: '样品', offSaleBySync: false });
  });

  it('keeps the money of before when Haier names no supply price, and sets all of it when it does', () => {
    const before = { ...NO_FACTS, supplyPrice: 900, invoicePrice: 800, stockRebate: 3, rebateMoney: 20 };
    expect(applyFeed(before, update({ price: price({ supplyPriceFen: null }) }))).toMatchObject({
      supplyPrice: 900,
      invoicePrice: 800,
      stockRebate: 3,
      rebateMoney: 20,
    });
    expect(
      applyFeed(before, update({ price: price({ stockRebateRate: null, rebateMoneyFen: null }) })),
    ).toMatchObject({ supplyPrice: 1000.5, invoicePrice: 950, stockRebate: null, rebateMoney: null });
  });

  it('keeps a rate as a percentage with two places, so that the same rate is no change', () => {
    const once = applyFeed(NO_FACTS, update({ price: price({ stockRebateRate: 0.05123 }) }));
    expect(once.stockRebate).toBe(5.12);
    const twice = applyFeed(once, update({ price: price({ stockRebateRate: 0.05123 }) }));
    expect(compareFacts(once, twice).fields).toEqual([]);
  });

  it('takes only pictures a browser fetches', () => {
    const { haierImages } = applyFeed(
      NO_FACTS,
      update({
        product: product({
          mainImageUrl: 'javascript:alert(1)',
          pageImageUrls: ['http://p.test/1.jpg', 'data:image/png;base64,AA', 'http://p.test/1.jpg', '', 'x'],
        }),
      }),
    );
    expect(haierImages).toEqual({ main: null, pages: ['http://p.test/1.jpg'] });
  });

  it('follows the mapping until staff choose', () => {
    const mapped = update({ product: product({ brand: 'brand-a' }) });
    const once = applyFeed(NO_FACTS, mapped);
    expect(once).toMatchObject({ brand: 'brand-a', haierBrand: 'brand-a' });
    const moved = update({ product: product({ brand: 'brand-b' }) });
    expect(applyFeed(once, moved)).toMatchObject({ brand: 'brand-b', haierBrand: 'brand-b' });
    expect(applyFeed({ ...once, brand: 'of staff' }, moved)).toMatchObject({ brand: 'of staff' });
    expect(applyFeed(once, update({ product: product() }))).toMatchObject({ brand: 'brand-a' });
  });

  it('cleans texts of control characters and cuts them to what the columns take', () => {
    const next = applyFeed(
      NO_FACTS,
      update({ product: product({ productModel: 'A\u0000B\n', productGroup: 'x'.repeat(300) }) }),
    );
    expect(next.productModel).toBe('A B');
    expect(next.productGroup).toHaveLength(100);
  });

  it('refuses an amount that is none', () => {
    for (const supplyPriceFen of [-1, 1.5, 10_000_000_000])
      expect(() => applyFeed(NO_FACTS, update({ price: price({ supplyPriceFen }) }))).toThrow(UnusableFeed);
  });

  it('counts what is only remembered as no change for people', () => {
    const known = { ...NO_FACTS, brand: 'brand-a' };
    expect(compareFacts(known, { ...known, haierBrand: 'brand-a' })).toEqual({
      fields: [],
      isInnerOnly: true,
    });
  });
});

describe('a proposal for a new product', () => {
  it('mistake 12: proposes the supply price rounded up to a yuan, and 0 without one', () => {
    expect(proposedPrice(update({ price: price({ supplyPriceFen: 100_001 }) }))).toBe(1001);
    expect(proposedPrice(update({ price: price({ supplyPriceFen: 100_000 }) }))).toBe(1000);
    expect(proposedPrice(update({ price: price({ supplyPriceFen: null }) }))).toBe(0);
  });

  it('is named by brand, group and model, else by its code', () => {
    expect(proposedName(update({ product: product() }))).toBe('海尔 冰箱 BCD-1');
    expect(
      proposedName(update({ product: product({ productModel: null, productGroup: null, brandName: null }) })),
    ).toBe('P1');
  });
});
