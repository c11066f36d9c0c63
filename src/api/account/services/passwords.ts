/** Passwords are hashed and compared here and nowhere else, with the plugin's own bcrypt. */

interface PasswordService {
  ensureHashedPasswords(values: { password: string }): Promise<{ password: string }>;
  validatePassword(password: string, hash: string): Promise<boolean>;
}

const passwords = (): PasswordService =>
  strapi.plugin('users-permissions').service('user') as PasswordService; // untyped registry

/** A hash of a random text nobody kept: comparing with it takes as long as comparing with a real one. */
const NOBODYS_HASH = '$2a$10$zNN9fsDUvgrXu23pCDGwzu59w2t0WXH/fT8UDbVr3wYGo6T5OcoE2';

export const hashPassword = async (password: string): Promise<string> =>
  (await passwords().ensureHashedPasswords({ password })).password;

/** True when the password fits. Without a hash it is never true, and takes as long as a wrong password does. */
export async function passwordFits(password: string, hash: string | null | undefined): Promise<boolean> {
  const fits = await passwords().validatePassword(password, hash ?? NOBODYS_HASH);
  return fits && typeof hash === 'string';
}
