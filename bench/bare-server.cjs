// The least a Node server can do: the same bytes for every request. The yardstick of what is answered from memory.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const body = readFileSync(process.env.BENCH_BODY_FILE);
createServer((_request, response) => {
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
  });
  response.end(body);
}).listen(Number(process.env.PORT), '127.0.0.1');
