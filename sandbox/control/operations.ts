import { z } from 'zod';
import { faultSchema } from '../faults';
import { randomFaultsSchema } from '../random-faults';
import type { SandboxControl } from './control';
import * as inputs from './inputs';
import { posts, type Operations } from './operation';
import { haierOperations, ylhOperations } from './supplier-operations';

const nothing = z.strictObject({});

function readings(control: SandboxControl): Operations {
  return {
    'GET /control/state': () => control.state(),
    'GET /control/requests': () => control.requests(),
    'GET /control/call-counts': () => control.callCounts(),
    'GET /control/notifications': () => control.notifications.list(),
    'GET /control/clock': () => ({ now: control.clock.now().toISOString() }),
    'GET /control/faults': () => control.state().faults,
  };
}

function shopperActions(control: SandboxControl): Operations {
  return {
    'POST /control/login-codes': posts(inputs.loginCodeInput, (input) => control.mintLoginCode(input)),
    'POST /control/phone-codes': posts(inputs.phoneCodeInput, (input) => control.mintPhoneCode(input)),
    'POST /control/pay': posts(inputs.payInput, (input) => control.pay(input)),
    'POST /control/pay-by-number': posts(inputs.payByNumberInput, ({ outTradeNo, ...options }) =>
      control.payByNumber(outTradeNo, options),
    ),
    'POST /control/subscriptions/grant': posts(inputs.grantInput, (input) =>
      control.subscriptions.grant(input),
    ),
    'POST /control/subscriptions/template': posts(inputs.templateInput, ({ templateId, keys }) =>
      control.subscriptions.template(templateId, keys),
    ),
  };
}

function platformActions(control: SandboxControl): Operations {
  const { notifications, refunds, bills } = control;
  return {
    'POST /control/bills/read': posts(inputs.billDayInput, ({ day }) => ({ text: bills.read(day) ?? null })),
    'POST /control/bills/replace': posts(inputs.billReplaceInput, ({ day, text }) =>
      bills.replace(day, text),
    ),
    'POST /control/bills/spoil': posts(inputs.billSpoilInput, ({ how, times }) => bills.spoil(how, times)),
    'POST /control/notifications/resend': posts(inputs.notificationInput, ({ id }) =>
      notifications.resend(id),
    ),
    'POST /control/notifications/copies': posts(inputs.copiesInput, ({ id, count }) =>
      notifications.copies(id, count),
    ),
    'POST /control/notifications/send': posts(inputs.variantInput, ({ id, variant }) =>
      notifications.send(id, variant),
    ),
    'POST /control/refunds/script': posts(inputs.refundScriptInput, (input) => refunds.script(input)),
    'POST /control/refunds/settle': posts(inputs.settleInput, ({ outRefundNo, outcome }) =>
      refunds.settle(outRefundNo, outcome),
    ),
    'POST /control/refunds/spacing': posts(inputs.refundSpacingInput, ({ ms }) => refunds.spacing(ms)),
    'POST /control/content': posts(inputs.verdictInput, (verdict) => control.judgeContent(verdict)),
    'POST /control/shipping-lag': posts(inputs.shippingLagInput, ({ ms }) => control.shippingLag(ms)),
  };
}

function stageActions(control: SandboxControl): Operations {
  const { clock } = control;
  return {
    'POST /control/faults': posts(faultSchema, (fault) => control.addFault(fault)),
    'POST /control/faults/random': posts(randomFaultsSchema, (input) => control.failAtRandom(input)),
    'POST /control/faults/clear': posts(inputs.clearFaultsInput, ({ id }) => control.clearFaults(id)),
    'POST /control/clock/advance': posts(inputs.advanceInput, ({ ms }) => clock.advance(ms)),
    'POST /control/clock/set': posts(inputs.setClockInput, ({ iso }) => clock.set(iso)),
    'POST /control/clock/signatures': posts(inputs.signatureClockInput, (input) =>
      clock.signatures(input.clock),
    ),
    'POST /control/idle': posts(nothing, () => control.idle()),
    'POST /control/reset': posts(nothing, () => control.reset()),
  };
}

/** Every control operation by `VERB path`; each throws ZodError on bad input, and what the operation itself throws. */
export function operationsOf(control: SandboxControl): Operations {
  return {
    ...readings(control),
    ...shopperActions(control),
    ...platformActions(control),
    ...stageActions(control),
    ...haierOperations(control.haier),
    ...ylhOperations(control.ylh),
  };
}
