import { Flex } from '@strapi/design-system';
import { Route, Routes } from 'react-router-dom';

import { MappingCard } from './mapping-card';
import { RunPage } from './run-page';
import { RunsCard } from './runs-card';
import { StartCard } from './start-card';

/** Everything about the catalogue that comes from Haier. */
export function SyncsPage() {
  return (
    <Routes>
      <Route
        index
        element={
          <Flex direction="column" alignItems="stretch" gap={4}>
            <StartCard />
            <RunsCard />
            <MappingCard />
          </Flex>
        }
      />
      <Route path=":id" element={<RunPage />} />
    </Routes>
  );
}
