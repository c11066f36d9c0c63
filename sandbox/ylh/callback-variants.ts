import { toDigits } from '../beijing-time';
import type { World } from '../world';
import { signFields } from './signature';
import type { CallbackEvent, YlhCallback } from './state';

const METHODS: Record<CallbackEvent, string> = {
  confirm: 'hmm.scm_heorder.confirm',
  cancel: 'hmm.scm_heorder.cancel',
  oostock: 'hmm.scm_heorder.oostock',
};

/** Ways a call can differ from an honest one. `extra-blank-field` is honest: a blank field is not signed. */
export const CALLBACK_VARIANTS = [
  'wrong-signature',
  'missing-signature',
  'other-secret',
  'empty-secret',
  'other-app-key',
  'old-timestamp',
  'future-timestamp',
  'broken-timestamp',
  'altered-data',
  'unknown-method',
  'unknown-order',
  'blank-ext-order-no',
  'blank-platform-order-no',
  'no-state',
  'data-not-json',
  'json-body',
  'extra-blank-field',
] as const;
export type CallbackVariant = (typeof CALLBACK_VARIANTS)[number];

export interface PreparedCall {
  headers: Record<string, string>;
  body: string;
}

const HOUR_MS = 3_600_000;

function formCall(fields: Record<string, string>): PreparedCall {
  const body = new URLSearchParams(fields).toString();
  return {
    body,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(body)),
    },
  };
}

function fieldsOf(
  world: World,
  callback: YlhCallback,
  data = callback.data,
  shiftMs = 0,
): Record<string, string> {
  return {
    AppKey: world.identity.ylh.callbackAppKey,
    TimeStamp: toDigits(world.signatureTime() + shiftMs),
    Method: METHODS[callback.event],
    Data: data,
  };
}

const signed = (fields: Record<string, string>, secret: string): Record<string, string> => ({
  ...fields,
  Sign: signFields(fields, secret),
});

/** The call as YLH makes it, stamped and signed now. */
export function honestCall(world: World, callback: YlhCallback): PreparedCall {
  return formCall(signed(fieldsOf(world, callback), world.identity.ylh.callbackSecret));
}

/** The content of a variant that is signed as it should be and still must not have its usual effect. */
function otherData(callback: YlhCallback, variant: CallbackVariant): string | undefined {
  const data = JSON.parse(callback.data) as Record<string, unknown>;
  switch (variant) {
    case 'unknown-order':
      return JSON.stringify({ ...data, PlatformOrderNo: 'NOBODYS-ORDER-0001' });
    case 'blank-ext-order-no':
      return JSON.stringify({ ...data, ExtOrderNo: '' });
    case 'blank-platform-order-no':
      return JSON.stringify({ ...data, PlatformOrderNo: '' });
    case 'no-state': {
      const { State: _left, ...rest } = data;
      return JSON.stringify(rest);
    }
    case 'data-not-json':
      return `${callback.data}}`;
    default:
      return undefined;
  }
}

const SHIFTS: Partial<Record<CallbackVariant, number>> = {
  'old-timestamp': -HOUR_MS,
  'future-timestamp': HOUR_MS,
};

function changedFields(fields: Record<string, string>, variant: CallbackVariant): Record<string, string> {
  switch (variant) {
    case 'other-app-key':
      return { ...fields, AppKey: 'somebody-else' };
    case 'broken-timestamp':
      return { ...fields, TimeStamp: '20261399999999' };
    case 'unknown-method':
      return { ...fields, Method: 'hmm.scm_heorder.unheard' };
    case 'extra-blank-field':
      return { ...fields, Remark: ' ' };
    default:
      return fields;
  }
}

/** A call that is not quite the honest one. */
export function variantCall(world: World, callback: YlhCallback, variant: CallbackVariant): PreparedCall {
  const { callbackSecret } = world.identity.ylh;
  const data = otherData(callback, variant) ?? callback.data;
  const fields = changedFields(fieldsOf(world, callback, data, SHIFTS[variant] ?? 0), variant);
  switch (variant) {
    case 'missing-signature':
      return formCall(fields);
    case 'wrong-signature':
      return formCall({ ...fields, Sign: signFields({ Data: 'something else' }, callbackSecret) });
    case 'other-secret':
      return formCall(signed(fields, 'not-the-secret'));
    case 'empty-secret':
      return formCall(signed(fields, ''));
    case 'altered-data':
      return formCall({ ...signed(fields, callbackSecret), Data: callback.data.replace('{', '{ ') });
    case 'json-body': {
      const body = JSON.stringify(signed(fields, callbackSecret));
      const length = String(Buffer.byteLength(body));
      return { body, headers: { 'Content-Type': 'application/json', 'Content-Length': length } };
    }
    default:
      return formCall(signed(fields, callbackSecret));
  }
}
