/** The shelves of the demo shop: brands, categories and discounts, in two languages. */
import type { Color } from './png';

export interface Text {
  zh: string;
  en: string;
}

export const text = (zh: string, en: string): Text => ({ zh, en });

export interface DemoBrand {
  key: string;
  name: Text;
  description: Text;
  accent: Color;
}

export const BRANDS: DemoBrand[] = [
  {
    key: 'haier',
    name: text('海尔', 'Haier'),
    description: text('智慧家电', 'Smart appliances'),
    accent: [0, 94, 170],
  },
  {
    key: 'casarte',
    name: text('卡萨帝', 'Casarte'),
    description: text('高端家电', 'Premium appliances'),
    accent: [110, 92, 76],
  },
  {
    key: 'leader',
    name: text('统帅', 'Leader'),
    description: text('年轻人的家电', 'Appliances for the young'),
    accent: [230, 92, 0],
  },
  {
    key: 'midea',
    name: text('美的', 'Midea'),
    description: text('家用电器', 'Home appliances'),
    accent: [0, 146, 216],
  },
  {
    key: 'gree',
    name: text('格力', 'Gree'),
    description: text('空气调节', 'Air conditioning'),
    accent: [0, 104, 183],
  },
  {
    key: 'hisense',
    name: text('海信', 'Hisense'),
    description: text('电视与家电', 'Televisions and appliances'),
    accent: [0, 150, 136],
  },
  {
    key: 'robam',
    name: text('老板', 'Robam'),
    description: text('厨房电器', 'Kitchen appliances'),
    accent: [176, 31, 36],
  },
  {
    key: 'own',
    name: text('自营', 'Own brand'),
    description: text('本店自营商品', 'Goods of this shop'),
    accent: [70, 120, 80],
  },
];

export interface DemoCategory {
  key: string;
  name: Text;
  children?: DemoCategory[];
}

const category = (key: string, zh: string, en: string, children?: DemoCategory[]): DemoCategory => ({
  key,
  name: text(zh, en),
  children,
});

export const CATEGORIES: DemoCategory[] = [
  category('large', '大家电', 'Major appliances', [
    category('fridges', '冰箱', 'Refrigerators', [
      category('side-by-side', '对开门冰箱', 'Side-by-side refrigerators'),
      category('multi-door', '多门冰箱', 'Multi-door refrigerators'),
    ]),
    category('laundry', '洗衣机', 'Washing machines', [
      category('front-loaders', '滚筒洗衣机', 'Front loaders'),
      category('washer-dryers', '洗烘一体机', 'Washer-dryers'),
    ]),
    category('air', '空调', 'Air conditioners', [
      category('wall-mounted', '壁挂式空调', 'Wall-mounted'),
      category('cabinet', '柜式空调', 'Cabinet'),
    ]),
    category('televisions', '电视', 'Televisions', [category('large-screens', '大屏电视', 'Large screens')]),
  ]),
  category('kitchen', '厨卫电器', 'Kitchen and bath', [
    category('cooking', '烟机灶具', 'Hoods and hobs', [
      category('hoods', '吸油烟机', 'Range hoods'),
      category('hobs', '燃气灶', 'Gas hobs'),
    ]),
    category('hot-water', '热水器', 'Water heaters', [
      category('electric-heaters', '电热水器', 'Electric water heaters'),
    ]),
  ]),
  category('living', '生活电器', 'Home living', [
    category('cleaning', '清洁电器', 'Cleaning', [category('robots', '扫地机器人', 'Robot vacuums')]),
    category('small-kitchen', '厨房小电', 'Small kitchen appliances', [
      category('rice-cookers', '电饭煲', 'Rice cookers'),
    ]),
  ]),
];

export interface DemoDiscount {
  name: string;
  kind: 'amount' | 'percent';
  /** Yuan off one piece, or percent off. */
  value: number;
  /** What it is limited to, by key and code. */
  categories?: string[];
  products?: string[];
}

export const DISCOUNTS: DemoDiscount[] = [
  { name: '洗衣机九折 10% off washing machines', kind: 'percent', value: 10, categories: ['laundry'] },
  {
    name: '冰箱立减 200 元 CNY 200 off refrigerators',
    kind: 'amount',
    value: 200,
    products: ['DEMO-F01', 'DEMO-F02'],
  },
];
