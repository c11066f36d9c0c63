/** The table of districts, as a service: the code of the plugin itself uses `domain/district-table`. */
import { DISTRICT_SOURCE } from '../domain/district-rows';
import { findDistrict, type Place } from '../domain/district-table';
import type { DistrictAnswer } from '../operations';

export interface Districts {
  find(place: Place): DistrictAnswer;
  /** Which data it is, and of which day. */
  source: { source: string; version: string; date: string };
}

export default (): Districts => ({ find: findDistrict, source: DISTRICT_SOURCE });
