import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openRequestDoor } from '../../src/engine/requests/block-requests.ts';

const before = process.env.WAND_HOME;
afterEach(() => {
  process.env.WAND_HOME = before;
});

const ask = (socket: string, token: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write(`${token}\n${JSON.stringify({ id: 1, method: 'hello' })}\n`));
    client.once('data', (bytes) => {
      client.end();
      resolve(JSON.parse(bytes.toString()));
    });
    client.once('error', reject);
  });

test('a door that could not be made fails its block only: the next one is made', async () => {
  // Short, or the socket would be placed elsewhere; and no folder.
  process.env.WAND_HOME = '/dev/null/home';
  const handlers = { hello: async () => 'world' };
  await expect(openRequestDoor(handlers)).rejects.toMatchObject({ syscall: 'mkdir' });
  process.env.WAND_HOME = before;
  const door = await openRequestDoor(handlers);
  expect(await ask(door.socket, door.token)).toEqual({ id: 1, result: 'world' });
  door.close();
});
