/** The plugin's table of districts, for the shop's addresses. */
import type { Region, RegionTable } from '../api/address/region-table';
import { findDistrict } from '../plugins/haier-integration/server/src/domain/district-table';

export const regionTable: RegionTable = {
  find(place) {
    const answer = findDistrict(place);
    switch (answer.kind) {
      case 'found':
        return { kind: 'found', region: answer.district, suggestions: [] };
      case 'statistical_area':
        return { kind: 'statistical', region: answer.area, suggestions: answer.suggestions };
      case 'unknown':
        return { kind: 'unknown', suggestions: answer.suggestions satisfies Region[] };
    }
  },
};
