import { isoTime } from '../../../platform/request';
import { maskPhone } from '../mask-phone';
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

/** What staff's `fields` may name of a user. */
export const ACCOUNT_FIELDS = [
  'username',
  'email',
  'phone',
  'avatarUrl',
  'userType',
  'isStaff',
  'lastLoginAt',
  'dateJoined',
  'blocked',
] as const satisfies readonly (keyof ReturnType<typeof presentUserToStaff>)[];

/** A user as staff see it; the number to deliver to stands on the order. */
export const presentUserToStaff = (user: UserRow): UserAnswer & { blocked: boolean } => ({
  ...presentUser(user),
  phone: user.phone === null ? null : maskPhone(user.phone),
  blocked: user.blocked,
});
