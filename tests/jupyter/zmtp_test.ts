import { assertEquals, assertRejects } from "@std/assert";
import { openConnection } from "../../lib/display/notebook/zmtp.ts";

async function pair() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [near, far] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  listener.close();
  return await Promise.all([openConnection(near, "DEALER"), openConnection(far, "ROUTER")]);
}

Deno.test("openConnection() carries messages of every frame size whole and in order", async () => {
  const [client, server] = await pair();
  const sizes = [0, 1, 255, 256, 65535, 65536, 3_000_000];
  const message = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
  const sent = Promise.all([client.send(message), client.send([Uint8Array.of(7)]), client.send(message.toReversed())]);
  assertEquals(
    (await server.receive()).map((part) => [part.length, part.at(-1)]),
    sizes.map((n, i) => [n, n ? i + 1 : undefined]),
  );
  assertEquals(await server.receive(), [Uint8Array.of(7)]);
  assertEquals((await server.receive()).map((part) => part.length), sizes.toReversed());
  await sent;
  await server.send([Uint8Array.of(8), Uint8Array.of(9)]);
  assertEquals(await client.receive(), [Uint8Array.of(8), Uint8Array.of(9)]);
  client.close();
  await assertRejects(() => server.receive(), Error, "closed the connection");
  server.close();
});

Deno.test("openConnection() greets as ZMTP 3.0 with the NULL mechanism", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const near = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  const far = await listener.accept();
  const opening = openConnection(near, "SUB");
  const bytes = new Uint8Array(64);
  assertEquals(await far.read(bytes), 64);
  assertEquals([...bytes.subarray(0, 12)], [0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
  assertEquals(new TextDecoder().decode(bytes.subarray(12, 32)), "NULL".padEnd(20, "\0"));
  await far.write(bytes);
  const ready = new Uint8Array(64), length = await far.read(ready);
  // command flag, length, "READY" with its length, then one property: name with 1-octet, value with 4-octet length
  const expected = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB";
  assertEquals(new TextDecoder().decode(ready.subarray(0, length ?? 0)), expected);
  await far.write(ready.subarray(0, length ?? 0));
  (await opening).close();
  far.close();
  listener.close();
});
