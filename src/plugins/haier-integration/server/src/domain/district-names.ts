/** How the names of provinces, cities and districts are written by people, and which writings mean the same place. */

/** Without blanks of any kind, full-width signs made plain. */
export const normalizeName = (name: string | null | undefined): string =>
  (name ?? '').normalize('NFKC').replaceAll(/[\s\u200b-\u200d\u2060]/gu, '');

const PEOPLES =
  '阿昌|白|保安|布朗|布依|朝鲜|达斡尔|傣|德昂|东乡|侗|独龙|鄂伦春|鄂温克|高山|哈尼|哈萨克|赫哲|回|基诺|京|景颇|柯尔克孜|' +
  '拉祜|黎|傈僳|珞巴|满|毛南|门巴|蒙古|苗|仫佬|纳西|怒|普米|羌|撒拉|畲|水|塔吉克|塔塔尔|土家|土|佤|维吾尔|乌孜别克|锡伯|瑶|彝|' +
  '仡佬|裕固|藏|壮|各';
/** 回族, 土家族苗族; three peoples are named without 族: 巴音郭楞蒙古自治州, 克孜勒苏柯尔克孜自治州, 伊犁哈萨克自治州. */
const PEOPLES_AT_END = new RegExp(`(?:(?:${PEOPLES})族|蒙古|柯尔克孜|哈萨克|维吾尔)+$`, 'u');

/** Of one sign nothing can be told apart, so a name keeps at least two: 城区 and 郊区 are never shortened. */
const SHORTEST = 2;
const shorten = (name: string, end: RegExp): string => {
  const short = name.replace(end, '');
  return short.length < SHORTEST ? name : short;
};

/** 延边朝鲜族自治州: 延边, 延边州, 延边自治州. Of 鄂温克族自治旗 the people is all there is: 鄂温克, 鄂温克旗. */
function autonomousNames(name: string): string[] {
  const kind = /自治([区州县旗])$/u.exec(name);
  if (kind === null) return [];
  const whole = shorten(name, /自治[区州县旗]$/u);
  const bare = whole.replace(PEOPLES_AT_END, '');
  const place = bare === '' ? shorten(whole, /族$/u) : shorten(whole, PEOPLES_AT_END);
  return [place, `${place}${kind[1]}`, `${place}${kind[0]}`];
}

/** The writings of one name that are understood. */
export interface Writings {
  all: ReadonlySet<string>;
  full: string;
  /** What is left without the kind of place: 青岛 of 青岛市. */
  stem: string;
}

/** The name without its kind of place. */
export const stemOf = (name: string): string =>
  shorten(shorten(name, /(?:特别行政区|自治[区州县旗]|地区|[省市区县旗盟])$/u), PEOPLES_AT_END);

/**
 * Every writing of a name: as it stands, without 省, 市, 区 and the like, and of an autonomous place without its peoples.
 * Never with another ending: 伊宁县 is not 伊宁市.
 */
export function writingsOf(name: string): Writings {
  const full = normalizeName(name);
  const stem = stemOf(full);
  const all = new Set([
    full,
    stem,
    shorten(full, /(?:特别行政区|自治[区州县旗]|地区|[省市区县旗盟])$/u),
    shorten(full, /(?:新区|特区|林区)$/u),
    ...autonomousNames(full),
  ]);
  return { all, full, stem };
}

/** How many signs must be added, dropped or changed to make one text of the other (Levenshtein). */
export function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  let current: number[] = [];
  for (let row = 1; row <= one.length; row += 1) {
    current[0] = row;
    for (let column = 1; column <= other.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current[column] = Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    [above, current] = [current, above];
  }
  return above[other.length] ?? 0;
}
