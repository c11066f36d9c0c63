import type { Core } from '@strapi/strapi';

import { readRole, setRole } from '../../api/account/queries/user-rows';
import { findUser, lockUserByDocumentId, USER_UID, type UserRow } from '../../api/account/queries/users';
import { isNameTaken } from '../../api/account/services/profile';
import { endSessions } from '../../api/account/services/sessions';
import { username } from '../../api/account/validation/account';
import { type Refusal, type Sentence, validationFailed } from '../../domain/refusal';
import { inTransaction, type Tx, updateRow } from '../../platform/database';

/** WeChat alone vouches for these; typed in by hand they would hand one person's account to another. */
const VOUCHED_FOR = ['openId', 'unionId', 'phone'] as const;
const MAX_PASSWORD_BYTES = 72;

const SENTENCES = {
  vouchedFor: {
    zh: '微信标识与手机号只能由用户本人通过微信登录或授权写入',
    en: 'WeChat identity and phone number are written only when the user signs in or shares the number',
  },
  username: {
    zh: '用户名为 3 到 30 个字母、数字、汉字或 . _ -',
    en: 'A user name has 3 to 30 letters, digits, Chinese characters, and . _ -',
  },
  taken: { zh: '用户名已被其他账号使用', en: 'The user name is used by another account' },
  password: { zh: '密码最长 72 字节', en: 'A password has at most 72 bytes' },
  clone: { zh: '用户不能复制，请新建', en: 'A user cannot be duplicated, please create one' },
} satisfies Record<string, Sentence>;

/** In both languages, Chinese first: the panel does not say which one its user reads. */
function refuse({ zh, en }: Sentence, path: string[] = []): Refusal {
  const both = `${zh} / ${en}`;
  return validationFailed([{ path, message: both }], { zh: both, en: both });
}

interface WriteParams {
  documentId?: string;
  data?: Record<string, unknown>;
}

/** A user name the form changes keeps the rules of one a person chooses; e-mail addresses Strapi looks after itself. */
async function checkUsername(
  tx: Tx,
  { username: name }: Record<string, unknown>,
  before?: UserRow,
): Promise<void> {
  if (typeof name !== 'string' || name === before?.username) return;
  const parsed = username.safeParse(name);
  if (!parsed.success) throw refuse(SENTENCES.username, ['username']);
  if (await isNameTaken(tx, 'username', parsed.data, before?.id)) throw refuse(SENTENCES.taken, ['username']);
}

function checkWrite(data: Record<string, unknown>, before: UserRow | undefined): void {
  for (const field of VOUCHED_FOR) {
    if (!(field in data)) continue;
    // The panel sends the whole form; a value that is still the same is none.
    const isSame = (data[field] ?? null) === (before?.[field] ?? null);
    if (!isSame) throw refuse(SENTENCES.vouchedFor, [field]);
    delete data[field];
  }
  // Follows the role; see below.
  delete data.isStaff;
  if (typeof data.password !== 'string' || data.password === '') return;
  // bcrypt reads no further; the rest would be dropped without a word.
  if (Buffer.byteLength(data.password) > MAX_PASSWORD_BYTES) {
    throw refuse(SENTENCES.password, ['password']);
  }
  data.hasPassword = true;
}

async function bringInStep(tx: Tx, documentId: string, before: UserRow | undefined): Promise<boolean> {
  const after = await findUser({ document_id: documentId }, tx);
  if (after === undefined) return false;
  const role = await readRole(tx, after.id);
  if (role === undefined && before === undefined) await setRole(tx, after.id, 'shopper');
  const isStaff = role === 'staff';
  if (after.isStaff !== isStaff) await updateRow(USER_UID, tx, after.id, { isStaff });
  if (
    before !== undefined &&
    (after.blocked || before.isStaff !== isStaff || after.password !== before.password)
  ) {
    await endSessions(tx, after.id);
  }
  return isStaff;
}

/**
 * What the admin panel does with a user keeps the account service's promises: `isStaff` follows the role, nobody types
 * in a WeChat identity or a phone number, a name signs in nobody else, and a block, a new password or a change of rank
 * ends the sessions. Call in `register`.
 */
export function guardUsers(strapi: Core.Strapi): void {
  strapi.documents.use((context, next) => {
    if (context.uid !== USER_UID) return next();
    const params = context.params as WriteParams; // Strapi types them per action.
    switch (context.action) {
      case 'create':
      case 'update':
        return inTransaction(async (tx) => {
          const before =
            params.documentId === undefined ? undefined : await lockUserByDocumentId(tx, params.documentId);
          checkWrite((params.data ??= {}), before);
          await checkUsername(tx, params.data, before);
          const result = (await next()) as { documentId?: string; isStaff?: boolean } | null;
          if (result?.documentId === undefined) return result;
          const isStaff = await bringInStep(tx, result.documentId, before);
          return 'isStaff' in result ? { ...result, isStaff } : result;
        }) as ReturnType<typeof next>;
      case 'clone':
        throw refuse(SENTENCES.clone);
      default:
        return next();
    }
  });
}
