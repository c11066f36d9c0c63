import { field, type FieldLabels } from './label';

export const INVENTORY_ITEM: FieldLabels = {
  productDocumentId: field('商品', 'Product'),
  product: field('商品', 'Product'),
  onHand: field(
    '在库数量',
    'On hand',
    '修改库存请使用商品页右侧的“调整库存”',
    'Use “Adjust stock” at the right of the product page',
  ),
  locked: field(
    '已锁定数量',
    'Locked',
    '已下单、尚未发货的件数',
    'Promised to orders that are not shipped yet',
  ),
};

export const INVENTORY_LOG: FieldLabels = {
  productDocumentId: field('商品', 'Product'),
  changeType: field('变动类型', 'Change'),
  quantity: field('数量', 'Quantity'),
  onHandDelta: field('在库变动', 'On hand ±'),
  lockedDelta: field('锁定变动', 'Locked ±'),
  onHandAfter: field('变动后在库', 'On hand after'),
  lockedAfter: field('变动后锁定', 'Locked after'),
  reason: field('原因', 'Reason'),
  order: field('订单', 'Order'),
  life: field('订单轮次', 'Life of the order'),
  operator: field('操作人', 'Operator'),
};

export const ADDRESS: FieldLabels = {
  user: field('顾客', 'Shopper'),
  contactName: field('收货人', 'Recipient'),
  phone: field('电话', 'Phone'),
  province: field('省', 'Province'),
  city: field('市', 'City'),
  district: field('区县', 'District'),
  districtCode: field('区县代码', 'District code'),
  town: field('街道', 'Town'),
  detail: field('详细地址', 'Address'),
  isDefault: field('默认地址', 'Default'),
};

export const USER: FieldLabels = {
  username: field('用户名', 'User name'),
  email: field('邮箱', 'E-mail'),
  provider: field('登录方式', 'Provider'),
  password: field('密码', 'Password'),
  resetPasswordToken: field('重置密码令牌', 'Reset token'),
  confirmationToken: field('确认令牌', 'Confirmation token'),
  confirmed: field('已确认', 'Confirmed'),
  blocked: field(
    '已停用',
    'Blocked',
    '停用后该账号立即不能再登录',
    'A blocked account can no longer sign in',
  ),
  role: field('角色', 'Role'),
  phone: field('手机号', 'Phone'),
  openId: field('微信 openid', 'WeChat openid'),
  unionId: field('微信 unionid', 'WeChat unionid'),
  avatarUrl: field('头像地址', 'Avatar'),
  userType: field('账号类型', 'Type'),
  isStaff: field('员工', 'Staff'),
  isSuperuser: field('超级用户', 'Superuser'),
  hasPassword: field('已设密码', 'Has a password'),
  lastLoginAt: field('最近登录', 'Last sign-in'),
};

export const NOTIFICATION: FieldLabels = {
  user: field('顾客', 'Shopper'),
  audience: field('通知对象', 'For'),
  type: field('类型', 'Type'),
  title: field('标题', 'Title'),
  content: field('内容', 'Content'),
  data: field('附加数据', 'Data'),
  readAt: field('阅读时间', 'Read'),
};

export const OUTBOX_MESSAGE: FieldLabels = {
  topic: field('任务', 'Topic'),
  payload: field('内容', 'Payload'),
  key: field('排队键', 'Key', '相同排队键的消息按顺序处理', 'Messages with the same key are worked in order'),
  status: field('处理状态', 'Status'),
  attempts: field('尝试次数', 'Attempts'),
  availableAt: field('下次处理时间', 'Next attempt'),
  lockedUntil: field('占用至', 'Held until'),
  lockedBy: field('占用者', 'Held by'),
  lastError: field('最近错误', 'Last error'),
  origin: field('来源', 'Origin', '承诺此任务的请求及其追踪', 'The request that promised it, and its trace'),
};

export const CALLBACK_INBOX: FieldLabels = {
  source: field('来源', 'Source'),
  eventId: field('事件编号', 'Event id'),
  rawBody: field('原始内容', 'Body as received'),
  verified: field('签名有效', 'Signature verified'),
  outcome: field('处理结果', 'Outcome'),
  detail: field('说明', 'Detail'),
  deliveries: field('收到次数', 'Deliveries'),
  receivedAt: field('收到时间', 'Received'),
};
