/** What is said where the shop has not handed something in. Pure. */
import type { Ports } from '../ports';
import { PluginRefusal, type Sentence } from './refusal';

export type PortName = Exclude<keyof Ports, 'guardOutsideCall' | 'createMask' | 'now'>;

export const PORT_WORDS: Record<PortName, Sentence> = {
  catalogue: {
    zh: '商城没有接入商品目录：同步和品牌、分类对应不可用',
    en: 'The shop has not connected its catalogue: syncs and the mapping of brands and categories do not work',
  },
  orders: {
    zh: '商城没有接入订单：海尔订单列表、推送和回调不可用',
    en: 'The shop has not connected its orders: the list of Haier orders, pushes and call-backs do not work',
  },
  queue: {
    zh: '商城没有接入任务队列：失败消息不可查看和重新执行',
    en: 'The shop has not connected its queue: dead messages can neither be seen nor replayed',
  },
  staff: {
    zh: '商城没有接入员工通知：余额不足等提醒只显示在此页面',
    en: 'The shop has not connected its staff notices: warnings such as a low balance show on these pages only',
  },
};

/** `NOT_CONNECTED` with the sentence of this port. */
export const notConnected = (name: PortName): PluginRefusal =>
  new PluginRefusal('NOT_CONNECTED', { sentence: PORT_WORDS[name], details: { port: name } });

/** The port; throws `notConnected` where there is none. */
export function requirePort<Name extends PortName>(ports: Ports, name: Name): NonNullable<Ports[Name]> {
  const port = ports[name];
  if (port === undefined) throw notConnected(name);
  return port as NonNullable<Ports[Name]>;
}
