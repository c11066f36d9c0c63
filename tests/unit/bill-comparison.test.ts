import { addDays, beijingDay, startOfBeijingDay } from '../../src/domain/beijing-day';
import { comparePayment, compareRefund, EDGE_MS, judgeable } from '../../src/domain/reconciliation';

describe('a payment of the bill against ours', () => {
  const theirs = { tradeState: 'SUCCESS', amountFen: 100, transactionId: 'T' };
  const ours = { status: 'succeeded', amountFen: 100, transactionId: 'T' };
  it.each([
    ['both agree', theirs, ours, undefined],
    ['we do not know it', theirs, undefined, 'payment_missing_here'],
    ['the amounts differ', theirs, { ...ours, amountFen: 99 }, 'payment_amount'],
    [
      'the amounts differ and we did not take it',
      theirs,
      { ...ours, amountFen: 99, status: 'disputed' },
      'payment_amount',
    ],
    ['we still wait for it', theirs, { ...ours, status: 'pending', transactionId: null }, 'payment_state'],
    ['we closed it', theirs, { ...ours, status: 'closed', transactionId: null }, 'payment_state'],
    ['it is another transaction', theirs, { ...ours, transactionId: 'U' }, 'payment_state'],
    ['it was revoked and we took it', { ...theirs, tradeState: 'REVOKED' }, ours, 'payment_state'],
    [
      'it was revoked and we did not',
      { ...theirs, tradeState: 'REVOKED' },
      { ...ours, status: 'closed' },
      undefined,
    ],
    ['it was revoked and we never knew', { ...theirs, tradeState: 'REVOKED' }, undefined, undefined],
  ])('%s', (_name, billed, booked, kind) => {
    expect(comparePayment(billed, booked)).toBe(kind);
  });
});

describe('a refund of the bill against ours', () => {
  const dayEnd = new Date('2031-03-06T00:00:00+08:00');
  const at = (time: string) => new Date(`2031-03-${time}+08:00`);
  const OURS = ['requested', 'approved', 'processing', 'abnormal', 'succeeded', 'failed', 'rejected'];
  /** Statuses of ours that are no difference, by what the bill says. */
  const FITS: Record<string, string[]> = {
    SUCCESS: ['succeeded'],
    PROCESSING: ['processing', 'abnormal', 'succeeded', 'failed'],
    CHANGE: ['abnormal', 'failed'],
    FAIL: ['failed'],
    'A word of later years': ['processing', 'abnormal', 'succeeded', 'failed'],
  };
  const cases = Object.entries(FITS).flatMap(([state, fits]) =>
    OURS.map((status) => [state, status, fits.includes(status) ? undefined : 'refund_state'] as const),
  );
  it.each(cases)('%s there and %s here: %s', (refundState, status, kind) => {
    const succeededAt = status === 'succeeded' ? at('05T12:00:00') : null;
    const booked = { status, amountFen: 5, succeededAt };
    expect(compareRefund({ refundState, refundFen: 5 }, booked, dayEnd)).toBe(kind);
  });

  it('that could not be paid out that day may have been mended since', () => {
    const booked = { status: 'succeeded', amountFen: 5, succeededAt: at('06T09:00:00') };
    expect(compareRefund({ refundState: 'CHANGE', refundFen: 5 }, booked, dayEnd)).toBeUndefined();
    expect(compareRefund({ refundState: 'FAIL', refundFen: 5 }, booked, dayEnd)).toBe('refund_state');
  });

  it('may be unknown to us or of another amount', () => {
    const theirs = { refundState: 'SUCCESS', refundFen: 5 };
    expect(compareRefund(theirs, undefined, dayEnd)).toBe('refund_missing_here');
    expect(compareRefund(theirs, { status: 'succeeded', amountFen: 6, succeededAt: null }, dayEnd)).toBe(
      'refund_amount',
    );
  });
});

describe('days in Beijing', () => {
  it('begin and end at midnight there', () => {
    expect(beijingDay(new Date('2031-03-05T15:59:59.999Z'))).toBe('2031-03-05');
    expect(beijingDay(new Date('2031-03-05T16:00:00Z'))).toBe('2031-03-06');
    expect(startOfBeijingDay('2031-03-06')).toEqual(new Date('2031-03-05T16:00:00Z'));
    expect([addDays('2032-02-28', 1), addDays('2032-03-01', -1)]).toEqual(['2032-02-29', '2032-02-29']);
  });

  it.each(['2031-02-29', '2031-13-01', '2031-3-5', 'today', '', '2031-03-05T00:00:00Z'])(
    'are not %p',
    (text) => {
      expect(() => startOfBeijingDay(text)).toThrow(RangeError);
    },
  );

  it('near midnight are judged only with the bill on the other side', () => {
    const day = { from: startOfBeijingDay('2031-03-05'), until: startOfBeijingDay('2031-03-06') };
    const minutes = (known: { dayBefore: boolean; dayAfter: boolean }) => {
      const { from, until } = judgeable(day, known);
      return [
        (from.getTime() - day.from.getTime()) / EDGE_MS,
        (until.getTime() - day.until.getTime()) / EDGE_MS,
      ];
    };
    expect(minutes({ dayBefore: false, dayAfter: false })).toEqual([1, -1]);
    expect(minutes({ dayBefore: true, dayAfter: false })).toEqual([-1, -1]);
    expect(minutes({ dayBefore: true, dayAfter: true })).toEqual([-1, 1]);
  });
});
