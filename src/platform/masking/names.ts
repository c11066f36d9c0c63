/** Which fields are hidden, by their names in any spelling: `client_secret`, `clientSecret` and `ClientSecret` are one. */

const SECRETS = [
  'password passwd pwd sellerpassword customerpassword clientsecret secret appsecret token accesstoken newpassword',
  'currentpassword refresh refreshtoken idtoken authorization sign signature apikey apiv3key privatekey cookie setcookie',
  'bearer sessionkey jscode paysign prepayid access session sessionid jwt encryptionkey noncestr ciphertext',
  'wechatpaysignature proxyauthorization xforwardedauthorization passphrase pem',
];
const PERSONAL = [
  'consigneename consigneemobile consigneephone consigneeaddress detailaddress address contact contactname contactphone',
  'contactmobile mobile phone telephone tel receiver receivername receivermobile receiverphone receiveraddress username',
  'linkman linkphone idcard remark phonenumber purephonenumber openid unionid payeropenid email nickname realname fullname',
  'avatarurl snapshotname snapshotcontact snapshotphone snapshotaddress firstname lastname identifier payer',
  'receivercontact consignee',
];

const HIDDEN = new Set([...SECRETS, ...PERSONAL].flatMap((names) => names.split(' ')));

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/** Whatever stands before these, as `snapshot_contact_name` or `WECHAT_APP_SECRET` have it. */
const HIDDEN_ENDS =
  /(?:password|passwd|secret|token|salt|privatekey|apikey|apivkey|encryptionkey|appkeys|contactname|consigneename|receivername|phone|mobile|openid|email|homeaddress|snapshotaddress)$/;

function judge(name: string): boolean {
  const plain = plainName(name);
  return HIDDEN.has(plain) || HIDDEN_ENDS.test(plain);
}

/** The names in the code are few and come again with every line. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1_000;

export function isHiddenName(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const isHidden = judge(name);
  if (judged.size < MOST_JUDGED && name.length < 64) judged.set(name, isHidden);
  return isHidden;
}

/** An address keeps its street under a name that alone says nothing: it is one beside its district. */
const STREET_FIELDS = new Set(['detail', 'town', 'street']);
const PLACE_FIELDS = ['district', 'city', 'province', 'districtCode'];

const PLACE_PAIR = new RegExp(`["']?(?:${PLACE_FIELDS.join('|')})["']?\\s*[:=]`);

/** True when a text that is no JSON as a whole names the parts of an address somewhere. */
export const namesPlace = (text: string): boolean => PLACE_PAIR.test(text);

export const isStreetName = (name: string): boolean => STREET_FIELDS.has(name);

/** True for the street of an address, given the object it stands in. */
export const isStreet = (name: string, owner: object): boolean =>
  STREET_FIELDS.has(name) && PLACE_FIELDS.some((place) => place in owner);
