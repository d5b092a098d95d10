import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { requireFreePort } from "./port-owner.ts";

test.each(["127.0.0.1", "0.0.0.0", "::"])(
  "a port that is in use on %s names its process",
  async (address) => {
    const server = createServer();
    await once(server.listen(0, address), "listening");
    const { port } = server.address() as AddressInfo;
    await expect(requireFreePort(port)).rejects.toMatchObject({
      code: "busy",
      message: expect.stringMatching(
        new RegExp(`^port ${port} .* in use by node \\(process ${process.pid}\\)$`),
      ),
    });
    server.close();
    await once(server, "close");
    await requireFreePort(port);
    await requireFreePort(port);
  },
);
