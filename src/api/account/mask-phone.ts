const SHOWN_START = 3;
const SHOWN_END = 4;

/** `138****8000`: enough to compare with a number somebody tells, not enough to call. */
export const maskPhone = (phone: string): string =>
  phone.length <= SHOWN_START + SHOWN_END
    ? '****'
    : `${phone.slice(0, SHOWN_START)}****${phone.slice(-SHOWN_END)}`;
