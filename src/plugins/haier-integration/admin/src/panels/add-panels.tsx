import type { StrapiApp } from '@strapi/strapi/admin';
import { FormattedMessage } from 'react-intl';

import { PLUGIN_ID, textId } from '../plugin-id';
import { HaierOrderPanel, useHasHaierOrder } from './order-panel';
import { HaierProductPanel, type ProductForm } from './product-panel';

interface PanelProps {
  model: string;
  documentId?: string;
  document?: ProductForm & { productSource?: string };
}
interface Panel {
  (props: PanelProps): { title: React.ReactNode; content: React.ReactNode } | null;
  /** By which a shop that chooses its panels knows these. */
  type?: string;
}
interface ContentManagerApis {
  addEditViewSidePanel(panels: Panel[]): void;
}

/** The forms the panels stand beside, by the names the original shop gives its types. */
const ORDER_UID = 'api::order.order';
const PRODUCT_UID = 'api::product.product';

const OrderPanel: Panel = ({ model, documentId, document }) => {
  // Asked for only when the form does not say already that it sells the shop's own goods.
  const isOrder = model === ORDER_UID && documentId !== 'create' && document !== undefined;
  const id = isOrder && (document.productSource ?? 'haier') === 'haier' ? documentId : undefined;
  const isAtHaier = useHasHaierOrder(id);
  if (id === undefined || !isAtHaier) return null;
  return { title: <FormattedMessage id={textId('panel.order')} />, content: <HaierOrderPanel id={id} /> };
};

const ProductPanel: Panel = ({ model, document }) => {
  if (model !== PRODUCT_UID || document?.source !== 'haier') return null;
  return {
    title: <FormattedMessage id={textId('panel.product')} />,
    content: <HaierProductPanel product={document} />,
  };
};

OrderPanel.type = `${PLUGIN_ID}.order`;
ProductPanel.type = `${PLUGIN_ID}.product`;

/** Haier's side of an order and of a product, beside their forms. */
export function addPanels(app: Pick<StrapiApp, 'getPlugin'>): void {
  // The content manager's own API; Strapi does not type what plugins offer each other.
  const apis = app.getPlugin('content-manager').apis as unknown as ContentManagerApis;
  apis.addEditViewSidePanel([OrderPanel, ProductPanel]);
}
