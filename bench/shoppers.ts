import type { Sandbox } from '../sandbox';

export interface SignedShopper {
  access: string;
  address: string;
}

async function post<T>(url: string, body: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Shoppers with an address, signed in through the shop's own door. */
export async function signInShoppers(
  shopUrl: string,
  sandbox: Sandbox,
  count: number,
): Promise<SignedShopper[]> {
  const shoppers: SignedShopper[] = [];
  for (let index = 0; index < count; index += 1) {
    const { code } = sandbox.control.mintLoginCode();
    const { access } = await post<{ access: string }>(`${shopUrl}/api/v1/users/login`, { code });
    const data = {
      contactName: '收货人',
      phone: '13800138000',
      province: '山东省',
      city: '青岛市',
      district: '崂山区',
      districtCode: '370212',
      detail: '海尔路 1 号',
    };
    const address = await post<{ data: { documentId: string } }>(
      `${shopUrl}/api/v1/addresses`,
      { data },
      access,
    );
    shoppers.push({ access, address: address.data.documentId });
  }
  return shoppers;
}
