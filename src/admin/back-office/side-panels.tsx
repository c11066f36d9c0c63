import type { StrapiApp } from '@strapi/strapi/admin';
import { FormattedMessage } from 'react-intl';

import { OrderPanel } from './order-panel';
import { MessagePanel, RefundPanel } from './small-panels';
import { StockPanel } from './stock-panel';

interface PanelProps {
  model: string;
  documentId?: string;
  document?: { status?: string };
}
type Panel = (props: PanelProps) => { title: React.ReactNode; content: React.ReactNode } | null;
interface ContentManagerApis {
  addEditViewSidePanel(panels: Panel[]): void;
}

const panelFor =
  (uid: string, titleId: string, content: (id: string, props: PanelProps) => React.ReactNode): Panel =>
  (props) => {
    const { model, documentId } = props;
    if (model !== uid || documentId === undefined || documentId === 'create') return null;
    return { title: <FormattedMessage id={titleId} />, content: content(documentId, props) };
  };

/** The buttons beside the forms. */
export function addSidePanels(app: Pick<StrapiApp, 'getPlugin'>): void {
  // The content manager's own API; Strapi does not type what plugins offer each other.
  const apis = app.getPlugin('content-manager').apis as unknown as ContentManagerApis;
  apis.addEditViewSidePanel([
    panelFor('api::order.order', 'back-office.order.title', (id) => <OrderPanel id={id} />),
    panelFor('api::payment.refund', 'back-office.refund.title', (id) => <RefundPanel id={id} />),
    panelFor('api::product.product', 'back-office.stock.title', (id) => <StockPanel id={id} />),
    panelFor('api::outbox.outbox-message', 'back-office.message.title', (id, { document }) => (
      <MessagePanel id={id} status={document?.status} />
    )),
  ]);
}
