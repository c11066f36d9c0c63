import type { District } from '../operations';
import { editDistance, stemOf, type Writings } from './district-names';
import type { DistrictRow } from './district-rows';

export const MAX_SUGGESTIONS = 5;
/** Longer texts are nobody's name; comparing them would only take time. */
const MAX_COMPARED = 20;
/** Above this two places have nothing in common worth showing. */
const MAX_DISTANCE = 1.2;
/** A wrong province is the likelier slip: the city and the district say more. */
const PROVINCE_WEIGHT = 0.5;
/** The right district of a wrong city comes before the wrong districts of the right one. */
const CITY_WEIGHT = 0.9;
/** Of names that are equally close the one with the same ending is the closer. */
const ENDING_WEIGHT = 0.1;

/** Names without blanks; an empty one was not given. */
export interface PlaceNames {
  province: string;
  city: string;
  district: string;
}

const relative = (one: string, other: string): number =>
  editDistance(one, other) / Math.max(one.length, other.length, 1);

/** 0: one of the writings, or not asked; 1 and a little: nothing in common. Sets that many rows share are worked once. */
function measure(asked: string): (writings: Writings) => number {
  const text = asked.slice(0, MAX_COMPARED);
  const stem = stemOf(text);
  const known = new Map<Writings, number>();
  return (writings) => {
    if (asked === '' || writings.all.has(asked)) return 0;
    const distance =
      known.get(writings) ?? relative(stem, writings.stem) + ENDING_WEIGHT * relative(text, writings.full);
    known.set(writings, distance);
    return distance;
  };
}

interface Candidate {
  district: District;
  distance: number;
}

const closestFirst = (one: Candidate, other: Candidate): number =>
  one.distance - other.distance || (one.district.code < other.district.code ? -1 : 1);

/** The districts whose names are closest to what was asked, best first. None when nothing was asked. */
export function closestDistricts(rows: readonly DistrictRow[], place: PlaceNames): District[] {
  if (`${place.province}${place.city}${place.district}` === '') return [];
  const [province, city, name] = [measure(place.province), measure(place.city), measure(place.district)];
  const candidates: Candidate[] = [];
  for (const row of rows) {
    const above = PROVINCE_WEIGHT * province(row.province) + CITY_WEIGHT * city(row.city);
    if (row.isStatistical || above > MAX_DISTANCE) continue;
    const distance = above + name(row.name);
    if (distance <= MAX_DISTANCE) candidates.push({ district: row.district, distance });
  }
  return candidates
    .sort(closestFirst)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ district }) => district);
}

/** Districts of the same city whose codes stand closest to this one. */
export function neighboursOf(rows: readonly DistrictRow[], code: string): District[] {
  const away = ({ district }: DistrictRow): number => Math.abs(Number(district.code) - Number(code));
  return rows
    .filter((row) => !row.isStatistical && row.district.code.slice(0, 4) === code.slice(0, 4))
    .sort((one, other) => away(one) - away(other))
    .slice(0, MAX_SUGGESTIONS)
    .map((row) => row.district);
}
