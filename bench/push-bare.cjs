// The yardstick: `ws` on Node's HTTP server with the shop's settings, and nothing else.
const { createServer } = require('node:http');

const { WebSocketServer } = require('ws');

const server = createServer((_request, response) => response.end());
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 4096 });
sockets.on('connection', (socket) => socket.on('message', () => undefined));
server.listen(Number(process.env.PORT), process.env.HOST);
