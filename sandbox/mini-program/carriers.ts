/** A working part of the carrier list that get_delivery_list answers with; the real one has over a thousand rows. */
export const CARRIERS: readonly { delivery_id: string; delivery_name: string }[] = [
  { delivery_id: 'SF', delivery_name: '顺丰速运' },
  { delivery_id: 'JD', delivery_name: '京东快递' },
  { delivery_id: 'RRS', delivery_name: '日日顺物流' },
  { delivery_id: 'DBL', delivery_name: '德邦快递' },
  { delivery_id: 'ANE', delivery_name: '安能快递' },
  { delivery_id: 'ZTO', delivery_name: '中通快递' },
  { delivery_id: 'YTO', delivery_name: '圆通速递' },
  { delivery_id: 'STO', delivery_name: '申通快递' },
  { delivery_id: 'YD', delivery_name: '韵达速递' },
  { delivery_id: 'EMS', delivery_name: 'EMS' },
  { delivery_id: 'YZPY', delivery_name: '邮政快递包裹' },
  { delivery_id: 'HTKY', delivery_name: '百世快递' },
  { delivery_id: 'JTSD', delivery_name: '极兔速递' },
  { delivery_id: 'ZJS', delivery_name: '宅急送' },
  { delivery_id: 'UC', delivery_name: '优速快递' },
];

export const CARRIER_IDS: ReadonlySet<string> = new Set(CARRIERS.map((carrier) => carrier.delivery_id));
