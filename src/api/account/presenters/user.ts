import { isoTime } from '../../../platform/request';
import { isPlaceholderEmail } from '../queries/user-rows';
import type { UserRow } from '../queries/users';

/** A user as the user sees it. */
export interface UserAnswer {
  documentId: string;
  username: string;
  email: string | null;
  phone: string | null;
  avatarUrl: string | null;
  userType: string;
  isStaff: boolean;
  lastLoginAt: string | null;
  dateJoined: string | null;
}

export const presentUser = (user: UserRow): UserAnswer => ({
  documentId: user.documentId,
  username: user.username,
  email: isPlaceholderEmail(user.email) ? null : user.email,
  phone: user.phone,
  avatarUrl: user.avatarUrl,
  userType: user.userType,
  isStaff: user.isStaff,
  lastLoginAt: isoTime(user.lastLoginAt),
  dateJoined: isoTime(user.createdAt),
});

const SHOWN_START = 3;
const SHOWN_END = 4;

/** `138****8000`: enough to compare with a number somebody tells, not enough to call. */
const maskPhone = (phone: string): string =>
  phone.length <= SHOWN_START + SHOWN_END
    ? '****'
    : `${phone.slice(0, SHOWN_START)}****${phone.slice(-SHOWN_END)}`;

/** A user as staff see it; the number to deliver to stands on the order. */
export const presentUserToStaff = (user: UserRow): UserAnswer & { blocked: boolean } => ({
  ...presentUser(user),
  phone: user.phone === null ? null : maskPhone(user.phone),
  blocked: user.blocked,
});
