import { Refusal } from '../../domain/refusal';

/** A district with its code (GB/T 2260, six digits), as an address has them. */
export interface Region {
  province: string;
  city: string;
  district: string;
  code: string;
}

/** What is known of a place. */
export interface Place {
  province: string;
  city: string;
  district: string;
  code?: string | null;
}

export type RegionAnswer =
  /** `statistical`: a development zone that has a code of the statistics bureau, and none of GB/T 2260. */
  | { kind: 'found' | 'statistical'; region: Region; suggestions: Region[] }
  /** The closest, best first; never a guess taken for an answer. */
  | { kind: 'unknown'; suggestions: Region[] };

/** Whoever knows the districts of the country. */
export interface RegionTable {
  /** By names, by code, or by both, which must then mean the same district. */
  find(place: Place): RegionAnswer;
}

let table: RegionTable | undefined;

/** Connects the table; called once at start. Without an argument there is none any more, and every code is believed. */
export function connectRegionTable(connected?: RegionTable): void {
  table = connected;
}

/** What the table says; undefined where none is connected. */
export const findRegion = (place: Place): RegionAnswer | undefined => table?.find(place);

const NO_GB_CODE = {
  zh: '该地区是统计用区划（如开发区），没有国标区划代码，请选择所在的区县',
  en: 'This is a statistical area such as a development zone; please choose the district it lies in',
};

/** `REGION_UNKNOWN` with the closest districts, ready to be sent back as they are. */
export function regionUnknown({ province, city, district }: Place, answer?: RegionAnswer): Refusal {
  return new Refusal('REGION_UNKNOWN', {
    sentence: answer?.kind === 'statistical' ? NO_GB_CODE : undefined,
    details: { province, city, district, suggestions: answer === undefined ? [] : suggestionsOf(answer) },
  });
}

const suggestionsOf = (answer: RegionAnswer): Region[] =>
  answer.kind === 'found' ? [answer.region] : answer.suggestions;
