/** Finds a district of GB/T 2260 by its code or its names. What does not resolve is never taken for another one. */
import type { District, DistrictAnswer } from '../operations';
import { normalizeName, type Writings } from './district-names';
import { bundledRows, type DistrictRow } from './district-rows';
import { closestDistricts, MAX_SUGGESTIONS, neighboursOf, type PlaceNames } from './district-suggestions';

/** What is known of a place; anything may be missing. */
export interface Place {
  code?: string | null;
  province?: string | null;
  city?: string | null;
  district?: string | null;
}

export interface DistrictTable {
  /**
   * By names: blanks do not matter, endings such as 省, 市, 区 and the peoples of an autonomous place may be left out, the city of
   * a municipality may be 市辖区, 县 or the municipality. With a code too, both must mean the same district. A code that is
   * in no table (of a town, or outdated) leaves the names to decide, within its own province.
   */
  find(place: Place): DistrictAnswer;
  size: number;
}

/** Places below a city without districts that people write where a form asks for the district. */
const TOWN = /(?:镇|乡|街道|办事处)$/u;

const isGiven = (text: string): boolean => text !== '';
const fits = (asked: string, { all }: Writings): boolean => !isGiven(asked) || all.has(asked);

/** Whether province and city, where given, are those of the row. */
const isThere = (row: DistrictRow, { province, city }: PlaceNames): boolean =>
  fits(province, row.province) && fits(city, row.city);

function fitsDistrict(row: DistrictRow, { city, district }: PlaceNames): boolean {
  if (row.name.all.has(district)) return true;
  // The city is the district: its name is enough, and towns belong to it.
  if (row.isWholeCity)
    return isGiven(city) && (!isGiven(district) || district === '市辖区' || TOWN.test(district));
  return row.isDirect && !isGiven(district) && row.name.all.has(city);
}

/** One name alone is not a place: there are 朝阳区 in several provinces, and tomorrow a second 崂山区. */
const isEnough = ({ province, city, district }: PlaceNames): boolean =>
  [province, city, district].filter(isGiven).length >= 2;

class Districts implements DistrictTable {
  private readonly byCode = new Map<string, DistrictRow>();
  private readonly byName = new Map<string, DistrictRow[]>();
  private readonly byCityAlone: DistrictRow[];

  constructor(private readonly rows: readonly DistrictRow[]) {
    for (const row of rows) {
      this.byCode.set(row.district.code, row);
      for (const name of row.name.all) this.byName.set(name, [...(this.byName.get(name) ?? []), row]);
    }
    this.byCityAlone = rows.filter(({ isWholeCity, isDirect }) => isWholeCity || isDirect);
  }

  get size(): number {
    return this.rows.length;
  }

  find(place: Place): DistrictAnswer {
    const code = normalizeName(place.code);
    const names: PlaceNames = {
      province: normalizeName(place.province),
      city: normalizeName(place.city),
      district: normalizeName(place.district),
    };
    const hasNames = Object.values(names).some(isGiven);
    if (!isGiven(code)) return this.findByNames(names);
    return hasNames ? this.findByBoth(code, names) : this.findByCode(code);
  }

  private findByCode(code: string): DistrictAnswer {
    const row = this.byCode.get(code) ?? this.wholeCityOf(code);
    return row === undefined
      ? { kind: 'unknown', suggestions: neighboursOf(this.rows, code) }
      : this.answer(row);
  }

  private findByNames(names: PlaceNames): DistrictAnswer {
    const [row, ...others] = this.named(names);
    if (row !== undefined && others.length === 0) return this.answer(row);
    return this.unknown(names, row === undefined ? [] : [row, ...others]);
  }

  private findByBoth(code: string, names: PlaceNames): DistrictAnswer {
    const row = this.byCode.get(code);
    const named = this.named(names);
    if (row !== undefined) {
      const agrees = isThere(row, names) && (!isGiven(names.district) || fitsDistrict(row, names));
      return agrees ? this.answer(row) : this.unknown(names, named.length > 0 ? [...named, row] : []);
    }
    const city = this.wholeCityOf(code);
    if (city !== undefined && isGiven(names.city) && isThere(city, names)) return this.answer(city);
    const [only, ...others] = named;
    const isOutdated = only?.district.code.slice(0, 2) === code.slice(0, 2);
    if (only !== undefined && others.length === 0 && isOutdated) return this.answer(only);
    return this.unknown(names, named);
  }

  /** The rows that these names may mean; those whose name was written in full before all others. */
  private named(names: PlaceNames): DistrictRow[] {
    if (!isEnough(names)) return [];
    const candidates = new Set([...(this.byName.get(names.district) ?? []), ...this.byCityAlone]);
    const found = [...candidates].filter((row) => isThere(row, names) && fitsDistrict(row, names));
    const exact = found.filter((row) => row.district.district === names.district);
    return exact.length > 0 ? exact : found;
  }

  /** WeChat gives towns of such a city codes below the city's own, e.g. 4419xx. */
  private wholeCityOf(code: string): DistrictRow | undefined {
    if (!/^\d{6}$/.test(code)) return undefined;
    return this.byCityAlone.find(
      (row) => row.isWholeCity && row.district.code.slice(0, 4) === code.slice(0, 4),
    );
  }

  private answer(row: DistrictRow): DistrictAnswer {
    const { district } = row;
    if (!row.isStatistical) return { kind: 'found', district };
    return { kind: 'statistical_area', area: district, suggestions: neighboursOf(this.rows, district.code) };
  }

  private unknown(names: PlaceNames, candidates: DistrictRow[]): DistrictAnswer {
    const suggestions: District[] =
      candidates.length > 0
        ? candidates.slice(0, MAX_SUGGESTIONS).map(({ district }) => district)
        : closestDistricts(this.rows, names);
    return { kind: 'unknown', suggestions };
  }
}

export const createDistrictTable = (rows: readonly DistrictRow[]): DistrictTable => new Districts(rows);

let bundled: DistrictTable | undefined;

/** The table the plugin brings along, made when it is first asked. */
export function districtTable(): DistrictTable {
  bundled ??= createDistrictTable(bundledRows());
  return bundled;
}

export const findDistrict = (place: Place): DistrictAnswer => districtTable().find(place);
