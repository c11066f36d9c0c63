/** The districts as they are looked for: each with every writing of its names. */
import data from '../data/districts.json';
import type { District } from '../operations';
import { type Writings, writingsOf } from './district-names';

export interface DistrictRow {
  district: District;
  /** A development zone and the like: counted by the statistics bureau, not in GB/T 2260. */
  isStatistical: boolean;
  province: Writings;
  city: Writings;
  name: Writings;
  /** The one row of a city that has no districts: 东莞市, 中山市, 儋州市, 嘉峪关市. */
  isWholeCity: boolean;
  /** Governed by the province itself: 仙桃市, 济源市, 五指山市. There is no city above it. */
  isDirect: boolean;
}

export interface DistrictData {
  districts: string[][];
  statisticalAreas: string[][];
}

/** What stands for a city where there is none: under a municipality, and under a province. */
const MUNICIPAL = ['市辖区', '县'];
const DIRECT = /^(?:省|自治区)直辖县级行政区划$/u;
const DIRECT_WRITINGS = ['省', '自治区', ''].flatMap((by) =>
  ['行政区划', '行政单位', '行政区', ''].map((unit) => `${by}直辖县级${unit}`),
);

/** Names that many rows share are worked once. */
function remember<T>(work: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const value = known.get(name) ?? work(name);
    known.set(name, value);
    return value;
  };
}

const writings = remember(writingsOf);

/** Further writings that mean the same. */
const also = (one: Writings, more: Iterable<string>): Writings => ({
  ...one,
  all: new Set([...one.all, ...more]),
});

const municipality = remember((province: string) => also(writings(province), MUNICIPAL));

function cityWritings(province: string, city: string, name: string): Writings {
  if (MUNICIPAL.includes(city)) return municipality(province);
  // People name the county itself where a form asks for the city.
  if (DIRECT.test(city)) return also(writings(name), DIRECT_WRITINGS);
  return writings(city);
}

/** The rows of the table. A municipality stands as its own city, as WeChat's picker shows it: 北京市 北京市 东城区. */
export function buildRows(source: DistrictData): DistrictRow[] {
  const inCity = new Map<string, number>();
  const all = [...source.districts, ...source.statisticalAreas];
  for (const [code = ''] of all) inCity.set(code.slice(0, 4), (inCity.get(code.slice(0, 4)) ?? 0) + 1);
  return all.map(([code = '', province = '', city = '', name = ''], index) => ({
    district: { code, province, city: MUNICIPAL.includes(city) ? province : city, district: name },
    isStatistical: index >= source.districts.length,
    province: writings(province),
    city: cityWritings(province, city, name),
    name: writings(name),
    isWholeCity: city === name && inCity.get(code.slice(0, 4)) === 1,
    isDirect: DIRECT.test(city),
  }));
}

/** Version and day of the data the plugin brings along. */
export const DISTRICT_SOURCE = { source: data.source, version: data.version, date: data.date };

export const bundledRows = (): DistrictRow[] => buildRows(data);
