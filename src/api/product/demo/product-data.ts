/** The goods of the demo shop, in two languages. Prices in yuan, all of them made up. */
import type { ProductSource } from '../product-rows';
import { text, type Text } from './catalogue-data';
import type { Appliance } from './drawings';
import type { Color } from './png';

export interface DemoProduct {
  code: string;
  model: string;
  brand: string;
  category: string;
  appliance: Appliance;
  accent: Color;
  name: Text;
  price: number;
  source: ProductSource;
  /** Pieces on hand; Haier keeps its own. */
  stock: number;
  /** Name and value of each specification. */
  specifications: [Text, Text][];
}

const CAPACITY = text('容量', 'Capacity');
const ENERGY = text('能效等级', 'Energy grade');
const GRADE_1 = text('一级', 'Grade 1');
const GRADE_2 = text('二级', 'Grade 2');
const POWER = text('功率', 'Power');
const SCREEN = text('屏幕', 'Screen');
const RESOLUTION = text('分辨率', 'Resolution');
const AIRFLOW = text('最大风量', 'Airflow');
const SUCTION = text('吸力', 'Suction');
const same = (value: string): Text => text(value, value);

const SILVER: Color = [158, 170, 184];
const GRAPHITE: Color = [82, 92, 106];
const GOLD: Color = [190, 158, 112];
const BLUE: Color = [58, 124, 196];
const GREEN: Color = [72, 150, 120];
const RED: Color = [200, 76, 66];

type Row = [
  code: string,
  model: string,
  brand: string,
  category: string,
  appliance: Appliance,
  accent: Color,
  zh: string,
  en: string,
  price: number,
  stock: number | 'haier',
  specifications: [Text, Text][],
];

// One product a line, as in a table.
// prettier-ignore
const ROWS: Row[] = [
  ['DEMO-F01', 'BCD-510W', 'own', 'side-by-side', 'fridge', SILVER, '510升对开门风冷冰箱', '510 L side-by-side refrigerator', 2999, 30, [[CAPACITY, same('510 L')], [ENERGY, GRADE_1]]],
  ['DEMO-F02', 'BCD-606W', 'midea', 'side-by-side', 'fridge', GRAPHITE, '606升变频对开门冰箱', '606 L inverter side-by-side refrigerator', 3799, 18, [[CAPACITY, same('606 L')], [ENERGY, GRADE_1]]],
  ['DEMO-F03', 'BCD-500WL', 'haier', 'multi-door', 'fridge', BLUE, '500升十字门零距离嵌入冰箱', '500 L built-in cross-door refrigerator', 5499, 'haier', [[CAPACITY, same('500 L')], [ENERGY, GRADE_1]]],
  ['DEMO-F04', 'BCD-651C', 'casarte', 'multi-door', 'fridge', GOLD, '651升法式多门冰箱', '651 L French-door refrigerator', 12999, 'haier', [[CAPACITY, same('651 L')], [ENERGY, GRADE_1]]],
  ['DEMO-F05', 'BCD-408W', 'leader', 'multi-door', 'fridge', GREEN, '408升法式多门冰箱', '408 L French-door refrigerator', 2599, 12, [[CAPACITY, same('408 L')], [ENERGY, GRADE_2]]],
  ['DEMO-W01', 'G100-B12', 'own', 'front-loaders', 'washer', BLUE, '10公斤变频滚筒洗衣机', '10 kg inverter front loader', 1999, 40, [[CAPACITY, same('10 kg')], [ENERGY, GRADE_1]]],
  ['DEMO-W02', 'MG100V', 'midea', 'front-loaders', 'washer', SILVER, '10公斤除菌滚筒洗衣机', '10 kg hygiene front loader', 1799, 25, [[CAPACITY, same('10 kg')], [ENERGY, GRADE_1]]],
  ['DEMO-W03', 'G120-H', 'haier', 'front-loaders', 'washer', GRAPHITE, '12公斤直驱滚筒洗衣机', '12 kg direct-drive front loader', 3299, 'haier', [[CAPACITY, same('12 kg')], [ENERGY, GRADE_1]]],
  ['DEMO-W04', 'HD100-L', 'leader', 'washer-dryers', 'washer', GREEN, '10公斤洗烘一体机', '10 kg washer-dryer', 2899, 15, [[CAPACITY, same('10 kg / 7 kg')], [ENERGY, GRADE_1]]],
  ['DEMO-W05', 'HD120-C', 'casarte', 'washer-dryers', 'washer', GOLD, '12公斤热泵洗烘一体机', '12 kg heat-pump washer-dryer', 8999, 6, [[CAPACITY, same('12 kg / 8 kg')], [ENERGY, GRADE_1]]],
  ['DEMO-A01', 'KFR-26GW', 'gree', 'wall-mounted', 'airConditioner', BLUE, '1匹变频壁挂式空调', '1 hp inverter wall-mounted air conditioner', 2399, 50, [[POWER, same('2600 W')], [ENERGY, GRADE_1]]],
  ['DEMO-A02', 'KFR-35GW', 'midea', 'wall-mounted', 'airConditioner', GREEN, '1.5匹变频壁挂式空调', '1.5 hp inverter wall-mounted air conditioner', 2699, 45, [[POWER, same('3500 W')], [ENERGY, GRADE_1]]],
  ['DEMO-A03', 'KFR-35GW-H', 'haier', 'wall-mounted', 'airConditioner', SILVER, '1.5匹自清洁壁挂式空调', '1.5 hp self-cleaning wall-mounted air conditioner', 2899, 'haier', [[POWER, same('3500 W')], [ENERGY, GRADE_1]]],
  ['DEMO-A04', 'KFR-72LW', 'gree', 'cabinet', 'cabinetAirConditioner', GOLD, '3匹变频柜式空调', '3 hp inverter cabinet air conditioner', 6599, 10, [[POWER, same('7200 W')], [ENERGY, GRADE_1]]],
  ['DEMO-T01', '55E3', 'hisense', 'large-screens', 'television', BLUE, '55英寸4K智能电视', '55-inch 4K smart television', 1899, 35, [[SCREEN, text('55 英寸', '55 inches')], [RESOLUTION, same('3840 × 2160')]]],
  ['DEMO-T02', '75E5', 'hisense', 'large-screens', 'television', GREEN, '75英寸4K高刷电视', '75-inch 4K high-refresh television', 4299, 14, [[SCREEN, text('75 英寸', '75 inches')], [RESOLUTION, same('3840 × 2160')]]],
  ['DEMO-K01', 'CXW-260', 'robam', 'hoods', 'hood', RED, '侧吸式大吸力油烟机', 'High-suction side range hood', 2199, 20, [[AIRFLOW, same('22 m³/min')], [ENERGY, GRADE_1]]],
  ['DEMO-K02', 'CXW-240', 'own', 'hoods', 'hood', BLUE, '顶吸式静音油烟机', 'Quiet ceiling range hood', 1299, 22, [[AIRFLOW, same('20 m³/min')], [ENERGY, GRADE_1]]],
  ['DEMO-K03', 'JZT-9B', 'robam', 'hobs', 'hob', BLUE, '双灶嵌入式燃气灶', 'Built-in two-burner gas hob', 1099, 26, [[POWER, same('5.0 kW')], [ENERGY, GRADE_1]]],
  ['DEMO-H01', 'ES60H', 'leader', 'electric-heaters', 'waterHeater', RED, '60升速热电热水器', '60 L fast electric water heater', 999, 33, [[CAPACITY, same('60 L')], [POWER, same('3300 W')]]],
  ['DEMO-H02', 'ES80H', 'own', 'electric-heaters', 'waterHeater', BLUE, '80升一级能效电热水器', '80 L grade-1 electric water heater', 1399.5, 16, [[CAPACITY, same('80 L')], [ENERGY, GRADE_1]]],
  ['DEMO-R01', 'SR-10', 'own', 'robots', 'robot', GREEN, '扫拖一体机器人', 'Robot vacuum and mop', 1599, 28, [[SUCTION, same('5000 Pa')], [POWER, same('65 W')]]],
  ['DEMO-R02', 'SR-20', 'midea', 'robots', 'robot', BLUE, '自集尘扫地机器人', 'Self-emptying robot vacuum', 2499, 9, [[SUCTION, same('8000 Pa')], [POWER, same('75 W')]]],
  ['DEMO-C01', 'FB40', 'midea', 'rice-cookers', 'cooker', RED, '4升智能电饭煲', '4 L smart rice cooker', 299.9, 80, [[CAPACITY, same('4 L')], [POWER, same('860 W')]]],
];

export const PRODUCTS: DemoProduct[] = ROWS.map(
  ([code, model, brand, categoryKey, appliance, accent, zh, en, price, stock, specifications]) => ({
    code,
    model,
    brand,
    category: categoryKey,
    appliance,
    accent,
    name: text(zh, en),
    price,
    specifications,
    source: stock === 'haier' ? 'haier' : 'local',
    stock: stock === 'haier' ? 0 : stock,
  }),
);
