import { connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../src/postgres/connect.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let front: Server;
let refusals = 0;

/** Stands before the real server and says twice what a server says that is starting up. */
beforeAll(async () => {
  database = await testDatabase();
  front = createServer((socket) => {
    socket.on('error', () => {});
    if (refusals < 2) {
      refusals += 1;
      socket.once('data', () => socket.end(startingUp()));
      return;
    }
    const real = connect(database.config.port, database.config.host);
    real.on('error', () => {});
    socket.pipe(real).pipe(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => front.once('listening', resolve));
});
afterAll(async () => {
  front?.close();
  await database?.drop();
});

const startingUp = (): Buffer => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
};

test('a server that is starting up is waited for', async () => {
  const { port } = front.address() as { port: number };
  const client = await connectClient({ ...database.config, port }, { applicationName: 'test' });
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(refusals).toBe(2);
  await client.end();
});
