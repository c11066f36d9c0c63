import { inProject } from './project.mjs';
import { readEnvFile } from './settings.mjs';

/** Says where everything is, who may sign in, and what to try next. */
export function printWelcome({ url, settings, sandbox }) {
  const rows = [
    ['商城接口 Shop API', `${url}/api/v1`],
    ['管理后台 Admin panel', `${url}/admin`],
  ];
  if (sandbox) rows.push(['沙箱 Sandbox', `${sandbox.controlUrl} （微信 WeChat · 海尔 Haier · 易理货 YLH）`]);
  if (settings.NODE_ENV !== 'production') {
    rows.push(['管理员 Administrator', account(settings, 'FIRST_ADMIN_EMAIL', 'FIRST_ADMIN_PASSWORD')]);
    rows.push(['店员 Staff', account(settings, 'FIRST_STAFF_USERNAME', 'FIRST_STAFF_PASSWORD')]);
  }
  const next = [
    sandbox &&
      'npm run demo   走一遍下单到收货（自营与海尔） plays purchases from sign-in to receipt, Haier’s too',
    `curl '${url}/api/v1/products?pagination[size]=small' -g`,
    'docs/rest-api.md   接口说明 what may be asked of the shop',
    'Ctrl-C   停止全部 stops everything',
  ].filter(Boolean);
  console.log(`\n✓ 商城已启动。 The shop is up.\n`);
  for (const [name, value] of rows) console.log(`  ${pad(name, 24)}${value}`);
  console.log('\n  接下来 What to try next');
  for (const line of next) console.log(`    ${line}`);
  console.log('');
}

// The first accounts are made once, in an empty database: the password is the first one, which people may have changed since.
function account(settings, nameKey, passwordKey) {
  const password =
    readEnvFile(inProject('.env'))[passwordKey] === settings[passwordKey]
      ? settings[passwordKey]
      : '(环境变量 environment)';
  return `${settings[nameKey]} / ${password}（初始密码 first password）`;
}

// Chinese characters take two columns in a terminal.
function pad(text, columns) {
  const width = [...text].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e80 ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, columns - width));
}
