import type { StrapiApp } from '@strapi/strapi/admin';
import { FormattedMessage } from 'react-intl';

import { READ_ONLY_TYPES } from '../labels';
import { OrderPanel } from './order-panel';
import { OrderPayments, PaymentOrders } from './payment-desk';
import { DifferencePanel, RunPanel } from './reconciliation-panels';
import { PaymentPanel } from './payment-panel';
import { MessagePanel, RefundPanel } from './small-panels';
import { StockPanel } from './stock-panel';

interface PanelProps {
  model: string;
  documentId?: string;
  document?: { status?: string };
}
interface Panel {
  (props: PanelProps): { title: React.ReactNode; content: React.ReactNode } | null;
  type?: string;
}
interface ContentManagerApis {
  addEditViewSidePanel(change: (panels: Panel[]) => Panel[]): void;
}

/** The panels of the plugin for Haier begin so. */
const HAIER_PANELS = 'haier-integration.';

/** Strapi's own panel with "Save": there is nothing to save where the server refuses. */
function onlyWhereSaved(panel: Panel): Panel {
  const shown: Panel = (props) => (READ_ONLY_TYPES.has(props.model) ? null : panel(props));
  shown.type = panel.type;
  return shown;
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
  apis.addEditViewSidePanel((panels) => [
    // Strapi's others ask to set up its page preview, or belong to its paid plans.
    ...panels.filter(({ type }) => type === 'actions').map(onlyWhereSaved),
    ...panels.filter(({ type }) => type?.startsWith(HAIER_PANELS) === true),
    panelFor('api::order.order', 'back-office.order.title', (id) => <OrderPanel id={id} />),
    panelFor('api::order.order', 'back-office.payments.title', (id) => <OrderPayments id={id} />),
    panelFor('api::payment.refund', 'back-office.refund.title', (id) => <RefundPanel id={id} />),
    panelFor('api::reconciliation.reconciliation-run', 'back-office.reconciliation.title', (id) => (
      <RunPanel id={id} />
    )),
    panelFor('api::reconciliation.reconciliation-difference', 'back-office.difference.title', (id) => (
      <DifferencePanel id={id} />
    )),
    panelFor('api::payment.payment', 'back-office.payment.title', (id, { document }) => (
      <PaymentPanel id={id} status={document?.status} />
    )),
    panelFor('api::payment.payment', 'back-office.payment.orders', (id) => <PaymentOrders id={id} />),
    panelFor('api::product.product', 'back-office.stock.title', (id) => <StockPanel id={id} />),
    panelFor('api::outbox.outbox-message', 'back-office.message.title', (id, { document }) => (
      <MessagePanel id={id} status={document?.status} />
    )),
  ]);
}
