// The echo server on Node: node node_echo.js --port P
'use strict';

const net = require('node:net');
const { parseArgs } = require('node:util');

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('data', (data) => {
    if (!socket.write(data)) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
  });
  socket.on('error', () => socket.destroy());
});
server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 1024 }, () => console.log(server.address().port));
