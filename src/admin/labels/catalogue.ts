import { field, type FieldLabels } from './label';

export const PRODUCT: FieldLabels = {
  name: field('商品名称', 'Name'),
  description: field('商品描述', 'Description'),
  specifications: field(
    '规格参数',
    'Specifications',
    'JSON，例如 {"容量": "500 升"}',
    'JSON, for example {"Capacity": "500 l"}',
  ),
  category: field('分类', 'Category'),
  brand: field('品牌', 'Brand'),
  price: field('售价（元）', 'Price (yuan)', '顾客看到并支付的价格', 'What shoppers see and pay'),
  supplyPrice: field(
    '供货价（元）',
    'Supply price (yuan)',
    '成本，不会显示给顾客',
    'A cost; shoppers never see it',
  ),
  invoicePrice: field('开票价（元）', 'Invoice price (yuan)', '不会显示给顾客', 'Shoppers never see it'),
  marketPrice: field(
    '市场价（元）',
    'Market price (yuan)',
    '仅供内部参考',
    'For reference inside the shop only',
  ),
  stockRebate: field('直扣比例（%）', 'Direct rebate (%)', '不会显示给顾客', 'Shoppers never see it'),
  rebateMoney: field('返利金额（元）', 'Rebate (yuan)', '不会显示给顾客', 'Shoppers never see it'),
  source: field('商品来源', 'Source'),
  productCode: field('商品编码', 'Product code', '唯一，不会显示给顾客', 'Unique; shoppers never see it'),
  productModel: field('型号', 'Model'),
  productGroup: field('产品组', 'Product group'),
  mainImages: field('主图', 'Main pictures'),
  detailImages: field('详情图', 'Detail pictures'),
  isActive: field('上架', 'Listed', '关闭后顾客看不到此商品', 'When off, shoppers do not see the product'),
  isSales: field(
    '可销售',
    'For sale',
    '关闭后商品可见但不能购买',
    'When off, it is shown but cannot be bought',
  ),
  noSalesReason: field('不可销售原因', 'Why not for sale'),
  viewCount: field('浏览量', 'Views', '由系统统计', 'Counted by the shop'),
  salesCount: field('销量', 'Sold', '由系统统计', 'Counted by the shop'),
  lastSyncAt: field(
    '最近同步时间',
    'Last synchronised',
    '最近一次海尔同步改动此商品的时间',
    'When a sync with Haier last changed this product',
  ),
  offSaleBySync: field(
    '由同步停售',
    'Taken off sale by the sync',
    '海尔恢复供应后自动恢复销售；手动修改“可销售”或原因后由您决定',
    'Comes back by itself when Haier sells it again; change it by hand and it is yours to decide',
  ),
  haierImages: field(
    '海尔图片',
    'Haier’s pictures',
    '添加自己的图片后不再显示',
    'Shown until you add pictures',
  ),
  haierBrand: field('海尔品牌对应', 'Brand by the mapping'),
  haierCategory: field('海尔分类对应', 'Category by the mapping'),
};

export const CATEGORY: FieldLabels = {
  name: field('分类名称', 'Name'),
  order: field('排序', 'Position', '数字小的排在前面', 'Smaller numbers come first'),
  level: field('层级', 'Level'),
  parent: field('上级分类', 'Parent category'),
  children: field('下级分类', 'Subcategories'),
  logo: field('图标', 'Icon'),
};

export const BRAND: FieldLabels = {
  name: field('品牌名称', 'Name'),
  logo: field('品牌标志', 'Logo'),
  description: field('品牌介绍', 'Description'),
  order: field('排序', 'Position', '数字小的排在前面', 'Smaller numbers come first'),
  isActive: field('启用', 'Active'),
};

export const DISCOUNT: FieldLabels = {
  name: field('优惠名称', 'Name'),
  kind: field('优惠方式', 'Kind'),
  value: field(
    '优惠值',
    'Value',
    '立减：每件减多少元；折扣：减百分之几（10 表示打九折）',
    'Amount: yuan off one piece; percent: per cent off (10 leaves 90 %)',
  ),
  appliesTo: field('适用范围', 'Covers'),
  products: field(
    '指定商品',
    'Selected products',
    '适用范围为“指定商品或分类”时，至少选择一个商品或分类',
    'When it covers selected ones: at least one product or category',
  ),
  categories: field(
    '指定分类',
    'Selected categories',
    '包括其下级分类的商品',
    'With the products of their subcategories',
  ),
  audience: field('适用对象', 'For'),
  users: field(
    '指定顾客',
    'Selected shoppers',
    '适用对象为“指定顾客”时，至少选择一位顾客',
    'When it is for selected shoppers: at least one',
  ),
  minQuantity: field('最少件数', 'Minimum quantity'),
  startsAt: field('开始时间', 'Starts'),
  endsAt: field('结束时间', 'Ends'),
  priority: field(
    '优先级',
    'Priority',
    '优惠不叠加；优惠相同时数字大的优先',
    'Discounts never add up; of equal ones the higher number wins',
  ),
  isActive: field('启用', 'Active'),
};
