import { Box, Flex } from '@strapi/design-system';
import { Layouts, Page, useRBAC } from '@strapi/strapi/admin';
import { useIntl } from 'react-intl';
import { NavLink, Navigate, Route, Routes } from 'react-router-dom';
import { styled } from 'styled-components';

import { Waiting } from '../parts/states';
import { useText } from '../parts/use-text';
import { CAN_READ, CAN_SET } from '../permissions';
import { textId } from '../plugin-id';
import { CallsPage } from './calls/calls-page';
import { OrdersPage } from './orders/orders-page';
import { OverviewPage } from './overview/overview-page';
import { SettingsPage } from './settings/settings-page';
import { SyncsPage } from './syncs/syncs-page';

const Tab = styled(NavLink)`
  padding: 8px 16px;
  border-radius: 4px;
  color: ${({ theme }) => theme.colors.neutral700};
  font-size: 1.4rem;
  text-decoration: none;
  white-space: nowrap;

  &:hover {
    background: ${({ theme }) => theme.colors.neutral150};
  }

  &.active {
    background: ${({ theme }) => theme.colors.primary100};
    color: ${({ theme }) => theme.colors.primary700};
    font-weight: 600;
  }
`;

const PAGES = [
  { path: 'overview', element: <OverviewPage /> },
  { path: 'syncs', element: <SyncsPage /> },
  { path: 'orders', element: <OrdersPage /> },
  { path: 'calls', element: <CallsPage /> },
  { path: 'settings', element: <SettingsPage /> },
] as const;

/** All pages of the plugin, with the way from one to the other. */
function Pages() {
  const { text, zone } = useText();
  const { formatMessage } = useIntl();
  const { allowedActions, isLoading } = useRBAC({ read: CAN_READ, settings: CAN_SET });
  const shown = PAGES.filter(({ path }) => path !== 'settings' || allowedActions.canSettings === true);
  return (
    <Layouts.Root>
      <Page.Title>{text('menu')}</Page.Title>
      <Page.Main>
        <Layouts.Header title={text('menu')} subtitle={text('subtitle', { zone })} />
        <Box paddingLeft={10} paddingRight={10} paddingBottom={6}>
          <Flex tag="nav" gap={2} wrap="wrap" aria-label={formatMessage({ id: textId('menu') })}>
            {shown.map(({ path }) => (
              <Tab key={path} to={path}>
                {text(`page.${path}`)}
              </Tab>
            ))}
          </Flex>
        </Box>
        <Layouts.Content>
          {/* Before the permissions are there every page that needs one would be sent away. */}
          {isLoading && <Waiting />}
          {!isLoading && (
            <Routes>
              {shown.map(({ path, element }) => (
                <Route key={path} path={`${path}/*`} element={element} />
              ))}
              <Route path="*" element={<Navigate to="overview" replace />} />
            </Routes>
          )}
        </Layouts.Content>
      </Page.Main>
    </Layouts.Root>
  );
}

export default function App() {
  return (
    <Page.Protect permissions={[...CAN_READ]}>
      <Pages />
    </Page.Protect>
  );
}
