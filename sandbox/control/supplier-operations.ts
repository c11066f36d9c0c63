import { z } from 'zod';
import type { HaierControl } from '../haier/control';
import * as haierInputs from '../haier/inputs';
import type { YlhControl } from '../ylh/control';
import * as ylhInputs from '../ylh/inputs';
import { posts, type Operations } from './operation';

const nothing = z.strictObject({});

/** What can be done to Haier, by `VERB path`. */
export function haierOperations(haier: HaierControl): Operations {
  return {
    'GET /control/haier/products': () => haier.products(),
    'GET /control/haier/tokens': () => haier.tokens.list(),
    'GET /control/haier/peak': () => ({ callsPerSecond: haier.peakCallsPerSecond() }),
    'POST /control/haier/products': posts(haierInputs.goodsInput, (goods) => haier.putProduct(goods)),
    'POST /control/haier/products/remove': posts(haierInputs.productCodeInput, ({ productCode }) =>
      haier.removeProduct(productCode),
    ),
    'POST /control/haier/products/generate': posts(haierInputs.generateInput, ({ count }) =>
      haier.generate(count),
    ),
    'POST /control/haier/products/catalogue': posts(haierInputs.catalogueInput, ({ isThere }) =>
      haier.catalogue(isThere),
    ),
    'POST /control/haier/stock': posts(haierInputs.stockInput, (stock) => haier.setStock(stock)),
    'POST /control/haier/stock/read': posts(haierInputs.stockQuestion, ({ productCode, countyCode }) =>
      haier.stock(productCode, countyCode),
    ),
    'POST /control/haier/accounts': posts(haierInputs.accountsInput, ({ accounts }) =>
      haier.accounts(accounts),
    ),
    'POST /control/haier/habits': posts(haierInputs.haierHabitsInput, (changes) => haier.habits(changes)),
    'POST /control/haier/tokens/end': posts(nothing, () => haier.tokens.end()),
    'POST /control/haier/down': posts(nothing, () => haier.down()),
    'POST /control/haier/up': posts(nothing, () => haier.up()),
  };
}

function orderOperations(ylh: YlhControl): Operations {
  const step = (run: YlhControl['confirm']) =>
    posts(ylhInputs.stepInput, ({ ref, ...options }) => run(ref, options));
  const silent = (run: YlhControl['deliver']) => posts(ylhInputs.refInput, ({ ref }) => run(ref));
  return {
    'GET /control/ylh/orders': () => ylh.orders(),
    'POST /control/ylh/orders/confirm': step(ylh.confirm),
    'POST /control/ylh/orders/refuse': step(ylh.refuse),
    'POST /control/ylh/orders/out-of-stock': step(ylh.outOfStock),
    'POST /control/ylh/orders/cancel': step(ylh.cancel),
    'POST /control/ylh/orders/reject': step(ylh.reject),
    'POST /control/ylh/orders/decide-cancel': posts(ylhInputs.verdictInput, ({ ref, verdict, ...options }) =>
      ylh.decideCancel(ref, verdict, options),
    ),
    'POST /control/ylh/orders/ship': posts(ylhInputs.shipInput, ({ ref, ...parcel }) =>
      ylh.ship(ref, parcel),
    ),
    'POST /control/ylh/orders/deliver': silent(ylh.deliver),
    'POST /control/ylh/orders/photograph': silent(ylh.photograph),
    'POST /control/ylh/orders/script': posts(ylhInputs.orderScriptInput, (script) => ylh.script(script)),
  };
}

function callbackOperations({ callbacks }: YlhControl): Operations {
  return {
    'GET /control/ylh/callbacks': () => callbacks.list(),
    'POST /control/ylh/callbacks/url': posts(ylhInputs.callbackUrlInput, ({ url }) => callbacks.url(url)),
    'POST /control/ylh/callbacks/resend': posts(ylhInputs.callbackInput, ({ id }) => callbacks.resend(id)),
    'POST /control/ylh/callbacks/copies': posts(ylhInputs.callbackCopiesInput, ({ id, count }) =>
      callbacks.copies(id, count),
    ),
    'POST /control/ylh/callbacks/send': posts(ylhInputs.callbackVariantInput, ({ id, variant }) =>
      callbacks.send(id, variant),
    ),
    'POST /control/ylh/callbacks/announce': posts(ylhInputs.announceInput, (input) =>
      callbacks.announce(input),
    ),
  };
}

/** What can be done to YLH, by `VERB path`. */
export function ylhOperations(ylh: YlhControl): Operations {
  return {
    ...orderOperations(ylh),
    ...callbackOperations(ylh),
    'GET /control/ylh/tokens': () => ylh.tokens.list(),
    'GET /control/ylh/peak': () => ({ callsPerSecond: ylh.peakCallsPerSecond() }),
    'POST /control/ylh/pace': posts(ylhInputs.paceInput, (changes) => ylh.pace(changes)),
    'POST /control/ylh/habits': posts(ylhInputs.ylhHabitsInput, (changes) => ylh.habits(changes)),
    'POST /control/ylh/tokens/end': posts(nothing, () => ylh.tokens.end()),
    'POST /control/ylh/down': posts(nothing, () => ylh.down()),
    'POST /control/ylh/up': posts(nothing, () => ylh.up()),
  };
}
