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

/** A user as staff see it. */
export const presentUserToStaff = (user: UserRow): UserAnswer & { blocked: boolean } => ({
  ...presentUser(user),
  blocked: user.blocked,
});
