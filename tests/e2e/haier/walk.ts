import { type Steps, walk } from '../browser';
import { callsAreSearched, manyCallsAreQuick } from './call-steps';
import {
  deadMessageIsReplayed,
  orderHasItsPanel,
  ordersAreSearched,
  productHasItsPanel,
  workIsDone,
  workIsListed,
  workIsOnTheOverview,
} from './order-steps';
import { overviewIsFull, overviewTellsOfTrouble } from './overview-steps';
import { adminSignsIn, pagesAreEmpty, pagesFail, shopIsAway } from './page-steps';
import {
  badInputIsRefused,
  connectionIsTried,
  environmentIsChosen,
  secretsAreKept,
  settingsAreForAdministrators,
  settingsAreSaved,
  settingsConflict,
} from './settings-steps';
import { type HaierShop, startHaierShop } from './shop';
import {
  mappingIsEdited,
  otherKindsAreSynced,
  reportIsRead,
  suddenDropIsRefused,
  syncFails,
  syncIsCancelled,
} from './sync-steps';

/** One after the other: each builds on what the ones before it left. */
const STEPS: Steps<HaierShop> = {
  'the way to the pages is in the menu': adminSignsIn,
  'every page is there before anything is set up, in both languages': pagesAreEmpty,
  'every page says that it failed, and comes with "try again"': pagesFail,
  'a shop that is away is said to be away': shopIsAway,
  'the addresses of an environment are filled in at once': environmentIsChosen,
  'bad input is refused beside its field': badInputIsRefused,
  'an account is tried before it is saved, good, bad and with nobody there': connectionIsTried,
  'settings are saved, and no secret can be read again': settingsAreSaved,
  'a secret left empty stays, and can be taken away': secretsAreKept,
  'of two people on the page the second is told': settingsConflict,
  'settings are for administrators': settingsAreForAdministrators,
  'a long sync shows how far it is, and is cancelled': syncIsCancelled,
  'a sync that would empty the shop is refused, and goes through once staff said so': suddenDropIsRefused,
  'a report says what changed, in which fields, and what failed and why': reportIsRead,
  'prices, stock and logistics are synced, one of a kind at a time': otherKindsAreSynced,
  'a sync says that Haier was away': syncFails,
  'a brand and a category are mapped': mappingIsEdited,
  'what needs a person is in the work list, with the reason': workIsListed,
  'the overview leads to the work list': workIsOnTheOverview,
  'orders are searched': ordersAreSearched,
  'calls are searched and opened': callsAreSearched,
  'an order is pushed again, refunded, marked as handled': workIsDone,
  'a dead message is run again': deadMessageIsReplayed,
  'an order has its panel in the content manager': orderHasItsPanel,
  'a product has its panel, and one of the shop has none': productHasItsPanel,
  'the overview shows a day': overviewIsFull,
  'the overview says what is wrong': overviewTellsOfTrouble,
  'a hundred thousand calls are as quick as ten': manyCallsAreQuick,
};

void walk(startHaierShop, STEPS);
