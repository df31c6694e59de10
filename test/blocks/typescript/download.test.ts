import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blockProject, errorOf, rowsOf } from './run-block.ts';

const project = blockProject();
const packed = gzipSync('a,b\n1,x\n2,y\n');
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    switch (request.url) {
      case '/trips.csv.gz':
        return response.writeHead(200, { 'content-length': packed.length }).end(packed);
      case '/moved':
        return response.writeHead(302, { location: '/trips.csv.gz' }).end();
      case '/encoded.csv':
        return response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
      case '/broken':
        response.writeHead(200, { 'content-length': 1000 });
        response.write('a,b\n1,');
        return setTimeout(() => response.destroy(), 50);
      default:
        return response.writeHead(404).end('no such file');
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const load = (path: string) =>
  project.run(
    `import { csv, loader } from 'wand';\nexport default loader(() => csv('${path.startsWith('http') ? path : address + path}'));`,
    {
      blockType: 'data_loader',
    },
  );

it.each(['/trips.csv.gz', '/moved', '/encoded.csv'])('reads a CSV from a URL: %s', async (path) => {
  const run = await load(path);
  expect(await rowsOf(run)).toEqual([
    [1, 'x'],
    [2, 'y'],
  ]);
  expect(run.log.some(({ text }) => text.startsWith(`downloaded ${address}${path}`))).toBe(true);
});

it('names the status, a host out of reach, and a download that broke off', async () => {
  expect(errorOf(await load('/none.csv'))).toMatchObject({
    type: 'download-refused',
    message: expect.stringContaining('answered 404'),
  });
  expect(errorOf(await load('http://127.0.0.1:1/x.csv'))).toMatchObject({
    type: 'download-failed',
    message: expect.stringContaining('http://127.0.0.1:1/x.csv'),
  });
  expect(errorOf(await load('/broken'))).toMatchObject({ type: 'download-failed' });
});
