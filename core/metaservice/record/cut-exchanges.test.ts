import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { base64, connectTo, end, ends, startRecordedServer } from "../../../tests/recorded-server.ts";

test("a client that disconnects cuts its exchange: in the request, before the reply, and in the reply", async () => {
  const server = await startRecordedServer((incoming, response) => {
    if (incoming.url === "/reply") response.write(Buffer.alloc(50e6));
  });
  const requests = [
    "POST /request HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
    "GET /wait HTTP/1.1\r\n\r\n",
    "GET /reply HTTP/1.1\r\n\r\n",
  ];
  for (const [index, bytes] of requests.entries()) {
    const guest = await connectTo(server);
    guest.write(bytes);
    await eventually(() => expect(server.events.at(-1)?.exchange).toBe(index + 1));
    if (bytes.includes("/reply")) await once(guest, "readable");
    guest.destroy();
    await ends(server, index + 1);
  }
  const [inRequest, waiting, inReply] = await ends(server, 3);
  expect(inRequest).toMatchObject({ outcome: "cut", request: { bytes: 4, beginning: base64("half") } });
  expect(waiting).toMatchObject({ outcome: "cut", reply: { bytes: 0 } });
  expect(inReply).toMatchObject({ outcome: "cut", reply: { bytes: 50e6 } });
  expect(
    server.events.filter(({ type }) => type === "exchange-replied").map(({ exchange }) => exchange),
  ).toEqual([3]);
});

test("a reply that was ended, but did not reach its client, is cut", async () => {
  const server = await startRecordedServer((_incoming, response) => response.end(Buffer.alloc(50e6)));
  const guest = await connectTo(server);
  guest.write("GET / HTTP/1.1\r\n\r\n");
  await once(guest, "readable");
  guest.destroy();
  expect(await end(server)).toMatchObject({ outcome: "cut" });
});

test("a body that turns to nonsense is cut", async () => {
  const server = await startRecordedServer((incoming, response) => {
    incoming
      .on("error", () => {})
      .resume()
      .on("end", () => response.end());
  });
  const guest = await connectTo(server);
  guest.write("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n");
  expect(await end(server)).toMatchObject({
    outcome: "cut",
    request: { bytes: 3, beginning: base64("abc") },
  });
});

test("a reply that closes the connection is complete", async () => {
  const server = await startRecordedServer((_incoming, response) =>
    response.setHeader("Connection", "close").end("bye"),
  );
  const guest = await connectTo(server);
  guest.write("GET / HTTP/1.0\r\n\r\n");
  expect((await buffer(guest)).toString()).toContain("bye");
  expect(await end(server)).toMatchObject({ outcome: "complete", reply: { bytes: 3 } });
});
