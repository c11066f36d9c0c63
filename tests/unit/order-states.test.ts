import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HAIER_HISTORY_EVENTS } from '../../src/domain/haier-states';
import {
  allowedEvents,
  nextStatus,
  ORDER_ACTORS,
  ORDER_EVENTS,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderActor,
  type OrderEvent,
  type OrderStatus,
} from '../../src/domain/order-states';
import { Refusal } from '../../src/domain/refusal';
import schema from '../../src/api/order/content-types/order/schema.json';
import historySchema from '../../src/api/order/content-types/order-history/schema.json';

/** The whole table once more, written by hand from the life of an order: event, from, to, who. */
const MOVES: [OrderEvent, OrderStatus, OrderStatus, OrderActor[]][] = [
  ['pay', 'pending', 'paid', ['settlement']],
  ['cancel', 'pending', 'cancelled', ['shopper', 'staff']],
  ['expire', 'pending', 'cancelled', ['system']],
  ['revive', 'cancelled', 'paid', ['settlement']],
  ['ship', 'paid', 'shipped', ['staff', 'system']],
  ['requestRefund', 'paid', 'refunding', ['shopper', 'staff', 'system']],
  ['requestRefund', 'shipped', 'refunding', ['shopper', 'staff', 'system']],
  ['requestRefund', 'completed', 'refunding', ['shopper', 'staff', 'system']],
  ['refundRejected', 'refunding', 'shipped', ['staff', 'system']],
  ['refundFailed', 'refunding', 'shipped', ['system', 'settlement']],
  ['refundSucceeded', 'refunding', 'refunded', ['settlement']],
  ['confirmReceipt', 'shipped', 'completed', ['shopper']],
  ['autoComplete', 'shipped', 'completed', ['system']],
];

const cases = ORDER_STATUSES.flatMap((status) =>
  ORDER_EVENTS.flatMap((event) => ORDER_ACTORS.map((actor) => [status, event, actor] as const)),
);

describe('the life of an order', () => {
  it.each(cases)('%s + %s by %s is as the table says', (status, event, actor) => {
    const move = MOVES.find(
      ([name, from, , who]) => name === event && from === status && who.includes(actor),
    );
    const next = () => nextStatus({ status, statusBeforeRefund: 'shipped' }, event, actor);
    if (move !== undefined) {
      expect(next()).toBe(move[2]);
      return;
    }
    expect(next).toThrow(Refusal);
    try {
      next();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'ORDER_STATE_CONFLICT',
        details: { status, allowed: allowedEvents(status, actor) },
      });
    }
  });

  it('ends for good in refunded, and in cancelled but for late money', () => {
    expect(allowedEvents('refunded')).toEqual([]);
    expect(allowedEvents('cancelled')).toEqual(['revive']);
  });

  it('is the same in the database', () => {
    expect(schema.attributes.status.enum).toEqual([...ORDER_STATUSES]);
    expect(schema.attributes.statusBeforeRefund.enum).toEqual([...ORDER_STATUSES]);
    expect(historySchema.attributes.event.enum).toEqual(['place', ...ORDER_EVENTS, ...HAIER_HISTORY_EVENTS]);
  });
});

describe('the picture in docs/architecture.md', () => {
  it('shows the moves of the table and no others', () => {
    const page = readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8');
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): ([\w, ]+)/gm)].flatMap(
      ([, from, to, events = '']) =>
        events.split(',').map((event) => `${event.trim()}: ${from ?? ''} to ${to ?? ''}`),
    );
    const moves = ORDER_EVENTS.flatMap((event) => {
      const { from, to } = ORDER_TRANSITIONS[event];
      // Back to where the refund was asked from: drawn once, to `paid`.
      return from.map((status) => `${event}: ${status} to ${to === 'previous' ? 'paid' : to}`);
    });
    expect(drawn.sort()).toEqual(moves.sort());
  });
});
