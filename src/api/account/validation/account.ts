import { z } from 'zod';

import { lineOfText } from '../../../platform/request';
import { isPlaceholderEmail } from '../queries/user-rows';

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

/** A password to be set. bcrypt reads no further than 72 bytes: more would be dropped without a word. */
export const newPassword = z
  .string()
  .refine((value) => byteLength(value) >= 8, 'must have at least 8 bytes')
  .refine((value) => byteLength(value) <= 72, 'must have at most 72 bytes');

/** A password to be compared; any length can be wrong, within reason. */
const givenPassword = z.string().min(1, 'must not be empty').max(1024, 'is too long');

const code = z.string().trim().min(1, 'must not be empty').max(512, 'is too long');

/** A name somebody chooses. No @: one that looks like an e-mail address would sign in as somebody else's. */
export const username = lineOfText(30, 3).refine(
  (value) => /^[\p{L}\p{N}_.-]+$/u.test(value),
  'may have letters, digits, Chinese characters, and . _ -',
);

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'is too long')
  .pipe(z.email('must be an e-mail address'))
  .refine((value) => !isPlaceholderEmail(value), 'must be an e-mail address');

const isHttps = (value: string): boolean => URL.canParse(value) && new URL(value).protocol === 'https:';
const avatarUrl = z
  .string()
  .trim()
  .max(255, 'is too long')
  .refine(isHttps, 'must be an https address')
  .nullable();

export const codeLoginSchema = z.strictObject({ code });
export const passwordLoginSchema = z.strictObject({
  identifier: z.string().trim().min(1, 'must not be empty').max(254, 'is too long'),
  password: givenPassword,
});

export const refreshSchema = z.strictObject({ refresh: z.string().min(1).max(4096) });
export const logoutSchema = z.strictObject({ all: z.boolean().optional() });
export const bindPhoneSchema = z.strictObject({ code });
export const changePasswordSchema = z.strictObject({
  currentPassword: givenPassword.optional(),
  password: newPassword,
});

const profile = { username: username.optional(), email: email.optional(), avatarUrl: avatarUrl.optional() };
export const profileSchema = z.strictObject(profile);

export const newUserSchema = z.strictObject({
  ...profile,
  username,
  password: newPassword.optional(),
  isStaff: z.boolean().optional(),
});

export const userChangesSchema = z.strictObject({
  ...profile,
  password: newPassword.optional(),
  blocked: z.boolean().optional(),
  isStaff: z.boolean().optional(),
});

export type ProfileChanges = z.infer<typeof profileSchema>;
export type NewUserInput = z.infer<typeof newUserSchema>;
export type UserChanges = z.infer<typeof userChangesSchema>;
