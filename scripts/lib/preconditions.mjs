import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { root } from './project.mjs';
import { Refusal } from './refusal.mjs';

/** Refuses when the project folder cannot be written to; system errors (read-only, full) get their own sentence. */
export function assertWritable(project = root) {
  const probe = path.join(project, `.write-probe-${process.pid}`);
  try {
    fs.writeFileSync(probe, 'x');
    fs.rmSync(probe);
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
    throw new Refusal(
      `没有写入权限：${project}，请修改文件夹的所有者或权限。`,
      `No permission to write ${project}: change its owner or mode.`,
    );
  }
}

/** Refuses when nothing could listen on `port` of `host`. */
export async function assertPortFree(host, port) {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Refusal(`PORT 必须是 1 到 65535 之间的整数。`, 'PORT must be a whole number from 1 to 65535.');
  }
  const code = await tryListening(host, port);
  if (code === undefined) return;
  if (code === 'EADDRINUSE') {
    throw new Refusal(
      `端口 ${port} 已被占用，请停止占用它的程序，或设置 PORT 换一个端口。`,
      `Port ${port} is in use: stop the program that holds it, or set PORT to another one.`,
    );
  }
  if (code === 'EACCES') {
    throw new Refusal(
      `没有权限使用端口 ${port}，请设置 1024 以上的 PORT。`,
      `No permission to use port ${port}: set PORT above 1023.`,
    );
  }
  throw new Refusal(
    `无法在 ${host}:${port} 上监听（${code}），请检查 HOST。`,
    `Cannot listen on ${host}:${port} (${code}): check HOST.`,
  );
}

function tryListening(host, port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
