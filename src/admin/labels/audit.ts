import { field, type FieldLabels, type Label } from './label';

export const AUDIT_FINDING: FieldLabels = {
  rule: field('规则', 'Rule'),
  subject: field('记录', 'Row', '表名 # 编号', 'Table # id'),
  invariant: field('不变式编号', 'Invariant', '见 docs/invariants.md', 'See docs/invariants.md'),
  description: field('问题', 'What is wrong'),
  facts: field('数据', 'Facts'),
  isRepairable: field(
    '可自动修复',
    'Repairable',
    '由管理员在服务器上运行 npm run audit -- --repair',
    'An operator runs npm run audit -- --repair on the server',
  ),
  status: field('状态', 'Status'),
  firstSeenAt: field('首次发现', 'First seen'),
  lastSeenAt: field('最近发现', 'Last seen'),
};

export const AUDIT_VALUES: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Label>>>>>
> = {
  'api::audit.audit-finding': { status: { open: ['待处理', 'Open'], gone: ['已消失', 'Gone'] } },
};
