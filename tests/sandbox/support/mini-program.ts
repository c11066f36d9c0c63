import type { Sandbox } from '../../../sandbox';
import { send, type Answer } from './merchant';

/** Calls the mini-program host; a body given as an object is printed as JSON. */
export class MiniProgram {
  constructor(private readonly sandbox: Sandbox) {}

  get(path: string, query: Record<string, string>): Promise<Answer> {
    return send(`${this.sandbox.apiUrl}${path}?${new URLSearchParams(query).toString()}`);
  }

  post(path: string, body: object | string): Promise<Answer> {
    return send(`${this.sandbox.apiUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  credentials(): { appid: string; secret: string } {
    return { appid: this.sandbox.env.WECHAT_APP_ID ?? '', secret: this.sandbox.env.WECHAT_APP_SECRET ?? '' };
  }

  login(code: string, changes: Record<string, string> = {}): Promise<Answer> {
    return this.get('/sns/jscode2session', {
      ...this.credentials(),
      js_code: code,
      grant_type: 'authorization_code',
      ...changes,
    });
  }

  stableToken(changes: Record<string, unknown> = {}): Promise<Answer> {
    return this.post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      ...this.credentials(),
      ...changes,
    });
  }

  /** Posts with a valid access token; answers the parsed body. */
  async guarded(path: string, body: object): Promise<Record<string, unknown>> {
    const token = String((await this.stableToken()).json.access_token);
    return (await this.post(`${path}?access_token=${token}`, body)).json;
  }
}
